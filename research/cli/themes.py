"""Themes and the words that they are made of: themes, words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from research.cli.app import (
    FieldOption,
    RunsOption,
    app,
    fields_of,
    let_pass,
    print_table,
    show_progress,
)
from research.errors import InputError


@app.command()
def themes(
    run: Annotated[str, typer.Argument(help="A themes run's folder or name.")],
    runs: RunsOption = Path("runs"),
    stories: Annotated[
        bool, typer.Option("--stories", help="Print what was new in each period.")
    ] = False,
    about: Annotated[
        str,
        typer.Option(
            help="Print the stories whose words stand in this text, the best match first."
        ),
    ] = "",
    word: Annotated[
        list[str] | None,
        typer.Option(
            help="Follow a word: which share of the articles hold it, and when; may be repeated."
        ),
    ] = None,
    csv: Annotated[
        bool,
        typer.Option(
            "--csv", help="Print every period and topic (or word) with share and band, as CSV."
        ),
    ] = False,
    figure: Annotated[
        Path | None, typer.Option(help="Draw the curves into a .png, .svg or .pdf file.")
    ] = None,
    topic: Annotated[
        list[int] | None,
        typer.Option(
            help="A topic to draw, with its band; may be repeated. All in one picture where left out."
        ),
    ] = None,
) -> None:
    """Print a run's themes and how they move, what was new in each period, or when words were; take the numbers elsewhere, or draw them for print."""
    from research.runs import (
        check_whole,
        find,
        read_movement,
        read_stories,
        read_table,
        read_topics,
    )
    from research.themes.stories import story_tables_about as stories_about

    folder = find(run, runs)
    check_whole(folder)
    if not (folder / "movement.json").is_file():
        raise InputError(f'{folder}: a sections run has no themes; give a run with task = "themes"')
    topics = read_topics(folder)
    if word:
        _follow(folder, word, topics, csv, figure)
    elif figure is not None:
        from research.report.figures import draw_themes

        typer.echo(str(draw_themes(folder, figure, topic or [])))
    elif csv:
        head = ["period", "documents", "topic", "name", "share", "low", "high"]
        rows = read_table(folder / "bands.csv")
        _print_csv(
            head,
            (
                [row[key] if key != "name" else topics[int(row["topic"])]["name"] for key in head]
                for row in rows
            ),
        )
    elif stories or about:
        told = read_stories(folder)
        told = stories_about(about, told)[:20] if about else told
        if not told:
            raise InputError(
                f"{folder}: no story {f'has words of {about!r}' if about else 'in it; set time.stories above 0 and train again'}"
            )
        print_table(
            [
                ["period", "articles", "theme", "words", "such as"],
                *(_story(row, topics) for row in told),
            ]
        )
    else:
        print_table(
            [
                ["topic", "name", "share", "a year", "trend", "peaks", "burst", "words"],
                *map(_moved, topics, read_movement(folder)),
            ]
        )


def _follow(
    folder: Path,
    words: Sequence[str],
    topics: Sequence[dict[str, Any]],
    csv: bool,
    figure: Path | None,
) -> None:
    """Tell of single words what ``themes`` tells of themes."""
    import numpy as np

    from research.report.figures import draw_mentions
    from research.runs import ThemesRun, load

    run = cast(ThemesRun, load(folder))
    found = run.mentions(words)
    if figure is not None:
        typer.echo(str(draw_mentions(found, figure)))
    elif csv:
        _print_csv(["period", "documents", "word", "holding", "share", "low", "high"], found.rows())
    else:
        of_word = run.model.components_ / run.model.components_.sum(axis=0)
        lines = []
        for k, name in enumerate(found.words):
            held, column = found.holding[:, k], of_word[:, run.vocabulary.index(name)]
            best = sorted(range(len(topics)), key=lambda topic: -column[topic])[:2]
            themes = " ".join(
                f"{topics[topic]['topic']} {topics[topic]['name']} {column[topic]:.0%}"
                for topic in best
            )
            peaks = (
                " ".join(sorted(found.peaks(name)[:5]))
                or found.periods[int(np.nanargmax(found.shares[:, k]))]
            )
            spell = next(
                (
                    first if first == last else f"{first} – {last}"
                    for first, last in found.bursts(name)
                ),
                "–",
            )
            lines.append(
                [
                    name,
                    str(held.sum()),
                    f"{held.sum() / found.documents.sum():.2%}",
                    peaks,
                    spell,
                    themes,
                ]
            )
        print_table([["word", "articles", "share", "peaks", "burst", "themes"], *lines])


def _print_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    import csv

    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(head)
    out.writerows(rows)


def _story(story: dict[str, Any], topics: Sequence[dict[str, Any]]) -> list[str]:
    theme = f"{story['theme']} {topics[story['theme']]['name']}"
    return [
        story["period"],
        str(story["documents"]),
        theme,
        " ".join(story["words"][:6]),
        story["articles"][0]["headline"],
    ]


def _moved(topic: dict[str, Any], moved: dict[str, Any]) -> list[str]:
    trend, burst = moved["trend"], next(iter(moved["bursts"]), None)
    a_year = "–" if trend["slope"] is None else f"{100 * trend['slope']:+.2f}"
    spell = (
        "–"
        if burst is None
        else burst["from"]
        if burst["from"] == burst["to"]
        else f"{burst['from']} – {burst['to']}"
    )
    words = " ".join(entry["word"] for entry in topic["relevant"][:5])
    peaks = (
        " ".join(sorted(peak["period"] for peak in moved["peaks"][:3])) or moved["peak"]["period"]
    )
    return [
        str(topic["topic"]),
        topic["name"],
        f"{topic['share']:.1%}",
        a_year,
        trend["said"],
        peaks,
        spell,
        words,
    ]


@app.command()
def words(
    corpora: Annotated[
        list[Path], typer.Argument(help="Corpora (.jsonl, .csv, .xlsx).", readable=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write a user dictionary to prune by hand, instead of printing."
        ),
    ] = None,
    dictionary: Annotated[
        list[Path] | None,
        typer.Option(help="User dictionaries that are known already.", readable=False),
    ] = None,
    min_count: Annotated[int, typer.Option(min=2, help="Least number of occurrences.")] = 10,
    min_npmi: Annotated[
        float, typer.Option(min=-1, max=1, help="Least cohesion of its parts.")
    ] = 0.5,
    field: FieldOption = None,
) -> None:
    """Propose words that the dictionary lacks, with the evidence for each."""
    from research.articles.corpus import iter_corpus
    from research.files import replacing
    from research.text.new_words import propose_words
    from research.text.segmenter import Segmenter, read_user_dictionary

    known = [word for path in dictionary or [] for word in read_user_dictionary(path)]
    fields = fields_of(field or [])
    articles = [
        article for path in corpora for article in iter_corpus(path, fields, on_bad_date=let_pass)
    ]
    with show_progress() as progress:
        found = propose_words(
            articles, Segmenter(known), min_count=min_count, min_npmi=min_npmi, progress=progress
        )
    if output is None:
        head = ["word", "count", "npmi", "left", "right", "parts"]
        rows = [
            [
                phrase.word,
                str(phrase.count),
                f"{phrase.npmi:.2f}",
                f"{phrase.left:.1f}",
                f"{phrase.right:.1f}",
                " ".join(phrase.parts),
            ]
            for phrase in found
        ]
        print_table([head, *rows])
        return
    lines = [
        f"{p.word}  # {p.count} times, npmi {p.npmi:.2f}, neighbours {p.left:.1f} and {p.right:.1f} bits: {' '.join(p.parts)}\n"
        for p in found
    ]
    with replacing(output) as beside:
        beside.write_text("".join(lines), "utf-8")
    typer.echo(
        f"{len(found)} proposals in {output}; take out what is no word, then name the file in tokens.user_dictionaries"
    )
