"""Themes through time: themes."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.cli.compared import print_effects
from research.cli.levels import print_level, print_tree, share_rows
from research.cli.options import RUNS_FOLDER, RunsOption, ThemesRunArgument
from research.cli.terminal import print_csv, print_table
from research.errors import InputError

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.runs.table import Columns
    from research.themes.description import Topic
    from research.themes.mentions import Mentions
    from research.themes.movement import Movement
    from research.themes.stories import Story
    from research.themes.word_summary import WordSummary

_MAX_STORIES_ABOUT = 20
_WORDS_PER_STORY = 6
_WORDS_PER_TOPIC = 5
_PEAKS_PER_TOPIC = 3
_NONE = "–"


StoriesOption = Annotated[
    bool, typer.Option("--stories", help="Print what was new in each period.")
]
AboutOption = Annotated[
    str,
    typer.Option(help="Print the stories whose words stand in this text, the best match first."),
]
WordOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Follow a word: which share of the articles hold it, and when; may be repeated."
    ),
]
CsvOption = Annotated[
    bool,
    typer.Option(
        "--csv", help="Print every period and topic (or word) with share and band, as CSV."
    ),
]
ByOption = Annotated[
    str,
    typer.Option(
        help="Compare groups of articles, all else held fixed: paper, section, any column of the "
        'corpus, or several: "paper + section".'
    ),
]
LevelOption = Annotated[
    str,
    typer.Option(
        help="Print groups of themes instead: how many, or parent for those that a person named."
    ),
]
TreeOption = Annotated[bool, typer.Option("--tree", help="Print the tree over themes.")]
FigureOption = Annotated[
    Path | None, typer.Option(help="Draw the curves into a .png, .svg or .pdf file.")
]
TopicOption = Annotated[
    list[int] | None,
    typer.Option(
        help=(
            "A topic to draw, with its band, or whose documents to write; may be repeated for "
            "--figure. All topics where left out."
        )
    ),
]
DocumentsOption = Annotated[
    Path | None,
    typer.Option(
        help=(
            "Write every document with its shares into a .csv or .parquet file, - for CSV on "
            "stdout; with --topic the documents of one topic, the highest share first."
        )
    ),
]
AtLeastOption = Annotated[
    float, typer.Option(min=0, max=1, help="Lowest share of the topic in --documents.")
]


def themes(
    run: ThemesRunArgument,
    *,
    runs: RunsOption = RUNS_FOLDER,
    stories: StoriesOption = False,
    about: AboutOption = "",
    word: WordOption = None,
    by: ByOption = "",
    level: LevelOption = "",
    tree: TreeOption = False,
    csv: CsvOption = False,
    figure: FigureOption = None,
    topic: TopicOption = None,
    documents: DocumentsOption = None,
    at_least: AtLeastOption = 0.0,
) -> None:
    """Print a run's themes and how they move.

    Or what was new in each period, or when words occurred.
    Print the numbers as CSV, or draw them for print.
    """
    trained = open_themes(run, runs)
    if documents is not None:
        _write_documents(trained, documents, topic or (), at_least)
    elif word:
        _follow_words(trained, word, csv, figure)
    elif by:
        print_effects(trained, by, csv=csv)
    elif level:
        print_level(trained, level, csv=csv)
    elif tree:
        print_tree(trained)
    elif figure is not None:
        _draw_themes(trained, figure, topic or ())
    elif csv:
        trained.require_dates()
        _print_shares(trained)
    elif stories or about:
        _print_stories(trained, about)
    else:
        _print_movements(trained)


def open_themes(run: str, runs: Path) -> ThemesRun:
    """Return a themes run; raise InputError for one of sections."""
    from research.runs import SectionsRun, open_run

    trained = open_run(run, runs)
    if isinstance(trained, SectionsRun):
        raise InputError(
            f'{trained.folder}: a sections run has no themes; give a run with task = "themes"'
        )
    return trained


def _follow_words(run: ThemesRun, words: Sequence[str], csv: bool, figure: Path | None) -> None:
    """Print or draw of single words what ``themes`` prints of themes."""
    from research.report.figures import draw_mentions
    from research.report.texts import names

    mentions = run.mentions(words)
    if figure is not None:
        typer.echo(str(draw_mentions(mentions, figure)))
    elif csv:
        print_csv(names("en", "columns.mentions"), mentions.rows())
    else:
        _print_words(run, mentions)


def _print_words(run: ThemesRun, mentions: Mentions) -> None:
    from research.report.texts import printed_names
    from research.themes.word_summary import summarize_word

    rows: list[Sequence[str]] = [printed_names("tables.words")]
    for word in mentions.words:
        weights = run.topic_word[:, run.vocabulary.index(word)]
        rows.append(_word_row(summarize_word(mentions, word, weights), run.topics))
    print_table(rows)


def _word_row(word: WordSummary, topics: Sequence[Topic]) -> Sequence[str]:
    probabilities = [
        f"{topic} {topics[topic].name} {probability:.0%}" for topic, probability in word.topics
    ]
    return (
        word.word,
        str(word.documents),
        f"{word.share:.2%}",
        " ".join(word.peaks),
        _span(word.burst),
        " ".join(probabilities),
    )


def _span(burst: tuple[str, str] | None) -> str:
    """Return first and last period of a burst."""
    if burst is None:
        return _NONE
    first, last = burst
    return first if first == last else f"{first} – {last}"


def _draw_themes(run: ThemesRun, figure: Path, topics: Sequence[int]) -> None:
    from research.report.figures import draw_themes

    typer.echo(str(draw_themes(run, figure, topics)))


def _write_documents(run: ThemesRun, path: Path, topics: Sequence[int], at_least: float) -> None:
    """Write the whole table of documents and topics, or the documents of one topic."""
    from research.runs.documents import csv_lines, document_columns, write_columns
    from research.runs.table import columns_of

    if len(topics) > 1:
        raise InputError("--documents takes one --topic; leave it out for the shares of all")
    if at_least and not topics:
        raise InputError("--at-least needs a --topic: it is the lowest share of that topic")
    columns: Columns = document_columns(run)
    if topics:
        columns = columns_of(run.documents_of(topics[0], at_least))
    if str(path) == "-":
        head, *rows = csv_lines(columns)
        print_csv(head, rows)
    else:
        typer.echo(str(write_columns(columns, path)))


def _print_shares(run: ThemesRun) -> None:
    from research.report.texts import names

    topic_names = [topic.name for topic in run.topics]
    print_csv(names("en", "columns.shares"), share_rows(run.shares, topic_names))


def _print_stories(run: ThemesRun, about: str) -> None:
    from research.report.texts import printed_names

    run.require_dates()
    stories = run.stories_about(about)[:_MAX_STORIES_ABOUT] if about else run.stories
    if not stories and about:
        raise InputError(f"{run.folder}: no story has words of {about!r}")
    if not stories:
        raise InputError(f"{run.folder}: no story in it; set time.stories above 0 and train again")
    rows = [_story_row(story, run.topics) for story in stories]
    print_table([printed_names("tables.stories"), *rows])


def _story_row(story: Story, topics: Sequence[Topic]) -> Sequence[str]:
    return (
        story.period,
        str(story.documents),
        f"{story.theme} {topics[story.theme].name}",
        " ".join(story.words[:_WORDS_PER_STORY]),
        story.articles[0].headline,
    )


def _print_movements(run: ThemesRun) -> None:
    from research.report.texts import printed_names

    if not run.shares.periods:
        still_rows = [_still_row(topic) for topic in run.topics]
        print_table([printed_names("tables.themes_without_dates"), *still_rows])
        return
    rows = [_topic_row(*pair) for pair in zip(run.topics, run.movements, strict=True)]
    print_table([printed_names("tables.themes"), *rows])


def _still_row(topic: Topic) -> Sequence[str]:
    """Return the row of a topic of an archive without dates."""
    words = " ".join(entry.word for entry in topic.relevant[:_WORDS_PER_TOPIC])
    return str(topic.number), topic.name, f"{topic.share:.1%}", words


def _topic_row(topic: Topic, movement: Movement) -> Sequence[str]:
    from research.report.texts import printed

    trend = movement.trend
    slope = _NONE if isnan(trend.slope) else f"{100 * trend.slope:+.2f}"
    peaks = sorted(peak.period for peak in movement.peaks[:_PEAKS_PER_TOPIC])
    bursts = [(burst.first, burst.last) for burst in movement.bursts]
    return (
        str(topic.number),
        topic.name,
        f"{topic.share:.1%}",
        slope,
        printed(f"movement.{trend.direction}"),
        " ".join(peaks) or _NONE,
        _span(bursts[0] if bursts else None),
        " ".join(entry.word for entry in topic.relevant[:_WORDS_PER_TOPIC]),
    )
