"""What the page of a themes run tells: curves, movements, words, themes by section."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from research import runs
from research.config import ThemesExperiment
from research.report import charts
from research.themes.calendar import first_day

_LISTED = 200  # Undated articles, groups of repeated ones: the tables have all.
_MOVERS = 8
_TOP = 6
_DRAWN = 4
_LINES = 60  # Of topics through the periods: the largest.
_STORIES = 6  # Of a period: the strongest; stories.json has all.
_CELLS = 2_000_000  # Of the table of words by periods: 2 MB of the page.
_ZERO, _MOST = (
    32,
    50_000,
)  # The character that stands for 0, and how many articles one can stand for.
_ASKED = 2
_PARTS = {12: [f"{n}月" for n in range(1, 13)], 4: ["一季度", "二季度", "三季度", "四季度"]}


def themes_page(folder: Path, config: ThemesExperiment, figures: dict[str, Any]) -> dict[str, Any]:
    """Return what the template needs beside what all pages have."""
    topics = runs.read_topics(folder)
    shares = runs.read_table(folder / "shares.csv")
    movement = runs.read_movement(folder)
    changes = runs.read_table(folder / "words.csv")
    for topic, moved in zip(topics, movement, strict=True):
        topic |= {
            "label": f"{topic['topic']} {topic['name'] or ' '.join(entry['word'] for entry in topic['relevant'][:3])}",
            "moved": moved,
        }
        topic |= _words_of(topic["topic"], changes)
    parts = _PARTS.get({"year": 1, "quarter": 4}.get(config.time.by, 12), [])
    data = _data(folder, config, topics, shares, figures)
    points = (folder / "points.json").read_text("utf-8")
    movers = _movers(topics, parts)
    # Those that moved most of each kind, then those that moved next.
    ranked = chain.from_iterable(zip_longest(*(found["rows"][:2] for found in movers)))
    leading = list(dict.fromkeys(row[0] for row in ranked if row)) or [
        topic["topic"] for topic in topics
    ]
    words, lexicon = _lexicon(folder, len(shares))
    return {
        "chosen": leading[:_DRAWN],
        "topics": topics,
        "shares": shares,
        "movers": movers,
        "parts": parts,
        "breakdown": _by_section(runs.read_table(folder / "breakdown.csv"), topics),
        "lines": _lines(runs.read_table(folder / "lineage.csv"), topics),
        "chronology": _chronology(runs.read_stories(folder), topics),
        "undated": runs.read_table(folder / "undated.csv")[:_LISTED],
        "repeated": _groups(runs.read_table(folder / "repeated.csv")),
        "data": charts.as_json(data),
        "points": charts.packed(points),
        "lexicon": charts.packed(lexicon) if words else "",
        "asked": " ".join(
            list(dict.fromkeys(topics[k]["name"] for k in leading if topics[k]["name"] in words))[
                :_ASKED
            ]
        ),
    }


def _data(
    folder: Path,
    config: ThemesExperiment,
    topics: Sequence[dict[str, Any]],
    shares: Sequence[dict[str, str]],
    figures: dict[str, Any],
) -> dict[str, Any]:
    """Return what the script draws from: short names, for the page has them as many times as there are points."""
    low: dict[tuple[str, str], tuple[float, float]] = {}
    for row in runs.read_table(folder / "bands.csv"):
        low[row["topic"], row["period"]] = (
            round(float(row["low"]), 5),
            round(float(row["high"]), 5),
        )
    periods = [row["period"] for row in shares]

    def series(k: int, side: int) -> list[float | None]:
        return [band[side] if (band := low.get((str(k), period))) else None for period in periods]

    return {
        "by": config.time.by,
        "periods": periods,
        "starts": [first_day(period).isoformat() for period in periods],
        "counts": [int(row["documents"]) for row in shares],
        "unfinished": figures["unfinished"],
        "bands": config.time.resamples > 0,
        "events": [
            {"name": event["name"], "date": event["date"]}
            for event in json.loads((folder / "events.json").read_bytes())
        ],
        "topics": [
            {
                "label": topic["label"],
                "share": topic["share"],
                "place": topic["place"],
                "words": " ".join(entry["word"] for entry in topic["relevant"]),
                "y": [
                    round(float(row[f"topic_{topic['topic']}"]), 5)
                    if row[f"topic_{topic['topic']}"]
                    else None
                    for row in shares
                ],
                **(
                    {"low": series(topic["topic"], 0), "high": series(topic["topic"], 1)}
                    if config.time.resamples
                    else {}
                ),
            }
            for topic in topics
        ],
        "choice": charts.choice(figures["choice"]["rows"], figures["n_topics"])
        if "choice" in figures
        else None,
    }


def _words_of(topic: int, rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Return a topic's words by period, and those gained and lost since the first period (or, with two periods, since the one before)."""
    mine = [row for row in rows if row["topic"] == str(topic)]
    periods: dict[str, list[str]] = {}
    for row in mine:
        if row["kind"] == "top":
            periods.setdefault(row["period"], []).append(row["word"])
    span = (next(iter(periods)), list(periods)[-1]) if len(periods) > 1 else ("", "")
    changed = {
        kind: [
            row["word"]
            for row in mine
            if row["kind"] == kind and (row["against"], row["period"]) == span
        ]
        for kind in ("gained", "lost")
    }
    steps = {
        period: {
            kind: [
                row["word"]
                for row in mine
                if row["kind"] == kind and row["period"] == period and row["against"] != span[0]
            ][:4]
            for kind in changed
        }
        for period in list(periods)[1:]
    }
    return {"by_period": periods, "span": span, "steps": steps, **changed}


def _movers(topics: Sequence[dict[str, Any]], parts: Sequence[str]) -> list[dict[str, Any]]:
    """Return lists of the strongest rising, falling, seasonal and sudden themes, each entry with its figure."""
    rising = [t for t in topics if t["moved"]["trend"]["said"] == "rising"]
    falling = [t for t in topics if t["moved"]["trend"]["said"] == "falling"]
    seasonal = [t for t in topics if parts and t["moved"].get("season", {}).get("said")]
    sudden = [t for t in topics if t["moved"]["bursts"]]

    def slope(topic: dict[str, Any]) -> str:
        trend = topic["moved"]["trend"]
        return f"{100 * trend['slope']:+.2f} 个百分点/年（{100 * trend['low']:+.2f} – {100 * trend['high']:+.2f}）"

    def peak(topic: dict[str, Any]) -> str:
        season = topic["moved"]["season"]
        return f"{parts[season['peak']]} {100 * season['amplitude']:+.2f} 个百分点（{100 * season['low']:+.2f} – {100 * season['high']:+.2f}）"

    def burst(topic: dict[str, Any]) -> str:
        first = topic["moved"]["bursts"][0]
        span = first["from"] if first["from"] == first["to"] else f"{first['from']} – {first['to']}"
        return f"{span}，约 {first['articles']:.0f} 篇"

    lists = (
        ("上升", "rising", sorted(rising, key=lambda t: -t["moved"]["trend"]["slope"]), slope),
        ("下降", "falling", sorted(falling, key=lambda t: t["moved"]["trend"]["slope"]), slope),
        (
            "随季节",
            "seasonal",
            sorted(seasonal, key=lambda t: -t["moved"]["season"]["strength"]),
            peak,
        ),
        ("突发", "sudden", sorted(sudden, key=lambda t: -t["moved"]["bursts"][0]["weight"]), burst),
    )
    return [
        {
            "zh": zh,
            "en": en,
            "n": len(found),
            "rows": [(t["topic"], t["label"], say(t)) for t in found[:_MOVERS]],
        }
        for zh, en, found, say in lists
    ]


def _by_section(
    rows: Sequence[dict[str, str]], topics: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return for each section, page or source its leading themes, with their share in all and year by year."""
    tables: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    documents: dict[tuple[str, str, str], int] = {}
    for row in rows:
        tables.setdefault((row["by"], row["value"]), {}).setdefault(row["topic"], {})[
            row["year"]
        ] = float(row["share"])
        documents[row["by"], row["value"], row["year"]] = int(row["documents"])
    found = []
    for (by, value), table in tables.items():
        years = [
            year
            for _, name, year in (key for key in documents if key[:2] == (by, value))
            if year and name
        ]
        best = sorted(table, key=lambda topic: -table[topic][""])[:_TOP]
        found.append(
            {
                "by": by,
                "value": value,
                "documents": documents[by, value, ""],
                "years": years,
                "rows": [
                    (
                        topics[int(k)]["topic"],
                        topics[int(k)]["label"],
                        table[k][""],
                        [table[k].get(year, 0.0) for year in years],
                    )
                    for k in best
                ],
            }
        )
    return found


def _lines(rows: Sequence[dict[str, str]], topics: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the largest lines of topics through the periods, the earliest first, each with a cell a period."""
    periods = list(dict.fromkeys(row["period"] for row in rows))
    lines: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        lines.setdefault(row["line"], {})[row["period"]] = row
    weight = {
        line: sum(float(row["share"]) for row in steps.values()) for line, steps in lines.items()
    }
    largest = sorted(lines, key=lambda line: -weight[line])[:_LINES]
    said = {
        "born": "生 born",
        "split": "分 split from",
        "died": "灭 died",
        "merged": "并 merged into",
    }
    found = []
    for line in sorted(
        largest, key=lambda line: (periods.index(next(iter(lines[line]))), -weight[line])
    ):
        steps = lines[line]
        best = max(steps.values(), key=lambda row: float(row["share"]))
        first, last = next(iter(steps.values())), list(steps.values())[-1]
        marks = [
            f"{said[how]} {other}".strip()
            for how, other in ((first["began"], first["source"]), (last["ended"], last["heir"]))
            if how
        ]
        cells = [
            (float(steps[period]["share"]), steps[period]["words"]) if period in steps else None
            for period in periods
        ]
        theme = topics[int(best["theme"])] if best["theme"] else None
        found.append(
            {
                "line": line,
                "words": " ".join(best["words"].split()[:3]),
                "theme": theme,
                "marks": "，".join(marks),
                "cells": cells,
            }
        )
    return {"periods": periods, "rows": found, "n": len(lines)}


def _chronology(
    stories: Sequence[dict[str, Any]], topics: Sequence[dict[str, Any]]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the strongest stories by year and period, the latest first."""
    years: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for story in stories:
        told = years.setdefault(story["period"][:4], {}).setdefault(story["period"], [])
        if len(told) < _STORIES:
            told.append(story | {"label": topics[story["theme"]]["label"]})
    return {year: dict(reversed(periods.items())) for year, periods in reversed(years.items())}


def _lexicon(folder: Path, n_periods: int) -> tuple[list[str], str]:
    """Return the words that the page can follow, the commonest first, and as text how many articles of each period hold them.

    The text has four lines: the words; of each, in how many periods it stands; then of each such period how many were passed over since
    the one before, and how many articles hold the word. A number is one character: a browser reads millions of them in no time.
    """
    vocabulary = runs.read_vocabulary(folder)
    counts = runs.read_mentions(folder, (n_periods, len(vocabulary)))
    if counts is None:
        return [], ""
    order = np.argsort(-np.asarray(counts.sum(axis=0)).ravel(), kind="stable")
    order = order[np.asarray(counts.max(axis=0).todense()).ravel()[order] < _MOST]
    counts = counts[
        :, order[: np.searchsorted(np.cumsum(np.diff(counts.indptr)[order]), _CELLS, side="right")]
    ]
    words = [vocabulary[column] for column in order[: counts.shape[1]]]
    cells = np.diff(counts.indptr)
    passed = np.diff(counts.indices, prepend=-1) - 1
    begins = counts.indptr[:-1][cells > 0]
    passed[begins] = counts.indices[begins]
    return words, "\n".join(
        [
            " ".join(words),
            *(
                "".join(chr(_ZERO + n) for n in numbers.tolist())
                for numbers in (cells, passed, counts.data)
            ),
        ]
    )


def _groups(rows: Sequence[dict[str, str]]) -> list[list[dict[str, str]]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]["date"]))[:_LISTED]
