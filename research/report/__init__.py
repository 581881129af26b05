"""A run → one self-contained HTML file. The same run gives the same bytes; nothing is asked of any address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from research import runs
from research.config import SectionsExperiment
from research.files import read_text
from research.report import charts

_MOST_ERRORS = 40


def render(folder: Path) -> str:
    """Return the report of the run in *folder* as HTML."""
    config = runs.read_resolved(folder)
    figures = runs.read_figures(folder)
    common: dict[str, Any] = {"config": config, "figures": figures, "config_text": read_text(folder / "config.toml").text}
    if isinstance(config, SectionsExperiment):
        rows = runs.read_table(folder / "predictions.csv")
        wrong = [row for row in rows if row["section"] != row["predicted"]]
        suspects = runs.read_table(folder / "suspects.csv")[:_MOST_ERRORS]
        rules = runs.read_table(folder / "rules.csv")[:_MOST_ERRORS] if config.rules else []
        told = {"rules": rules, "wrong": wrong[:_MOST_ERRORS], "n_wrong": len(wrong), "suspects": suspects, "confusion": _confusion(figures)}
        return _page("sections.html.j2", common | told)
    topics = runs.read_topics(folder)
    shares = runs.read_table(folder / "shares.csv")
    chart = charts.shares_over_time(shares, [_label(topic) for topic in topics])
    choice = charts.choice(figures["choice"]["rows"], figures["n_topics"]) if "choice" in figures else None
    return _page("themes.html.j2", common | {"topics": topics, "shares": shares, "chart": chart, "choice": choice, "script": charts.script()})


def _page(name: str, values: dict[str, Any]) -> str:
    environment = Environment(
        loader=PackageLoader("research.report", "."),
        autoescape=select_autoescape(["html.j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda value: f"{100 * float(value):.1f} %"
    return environment.get_template(name).render(values)


def _confusion(figures: dict[str, Any]) -> list[tuple[str, list[tuple[int, float]]]]:
    """Return rows of (true section, [(count, share of the row), …])."""
    table = figures["confusion"]
    return [(name, [(n, n / max(1, sum(row))) for n in row]) for name, row in zip(table["sections"], table["counts"], strict=True)]


def _label(topic: dict[str, Any]) -> str:
    words: Sequence[dict[str, Any]] = topic["relevant"][:3]
    return f"{topic['topic']} {topic['name'] or ' '.join(entry['word'] for entry in words)}"
