"""What a section model goes by, and how far new articles are from those it knows.

Verbs: explain, drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from research.cli.options import (
    RUNS_FOLDER,
    EncodingOption,
    FieldOption,
    LinesOption,
    RunsOption,
    SectionsRunArgument,
    TextsArgument,
)
from research.cli.sources import read_texts
from research.cli.terminal import print_table
from research.errors import InputError

if TYPE_CHECKING:
    from research.articles.article import Text
    from research.runs.figures import Drift
    from research.sections.explanation import Explanation

_MAX_HEADLINE_CHARACTERS = 60


def explain(
    run: SectionsRunArgument,
    files: TextsArgument,
    *,
    runs: RunsOption = RUNS_FOLDER,
    section: Annotated[
        str | None, typer.Option(help="Explain this section instead of the likeliest.")
    ] = None,
    words: Annotated[int, typer.Option(min=1, help="Words to print for and against.")] = 8,
    lines: LinesOption = False,
    field: FieldOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Print which words and sentences speak for an article's section, and which for its rival.

    The rival is the next likely section.
    """
    from research.runs import load_sections

    trained = load_sections(run, runs)
    for place, text in read_texts(files, field, lines=lines, encoding=encoding):
        explanation = trained.explain(text, section)
        typer.echo(f"\n■ {_headline(text)}  ({place})")
        _print_explanation(explanation, words)


def _headline(text: Text) -> str:
    headline = text if isinstance(text, str) else text.headline or text.text
    return headline[:_MAX_HEADLINE_CHARACTERS]


def _print_explanation(explanation: Explanation, max_words: int) -> None:
    from research.report.texts import text

    head = text(
        "en",
        "explain.head",
        section=explanation.section,
        probability=explanation.probability,
        rival=explanation.rival,
    )
    typer.echo(f"  {head}")
    words_for, words_against = [], []
    for word, contribution in explanation.words:
        entry = f"{word} {abs(contribution):.2f}"
        if contribution > 0:
            words_for.append(entry)
        elif contribution < 0:
            words_against.append(entry)
    typer.echo(f"  + {_joined(words_for[:max_words])}")
    typer.echo(f"  - {_joined(words_against[:max_words])}")
    for sentence, contribution in explanation.sentences:
        typer.echo(f"  {contribution:+6.2f}  {sentence}")


def _joined(entries: Sequence[str]) -> str:
    return "  ".join(entries) or "–"


def drift(
    run: SectionsRunArgument,
    files: TextsArgument,
    runs: RunsOption = RUNS_FOLDER,
    lines: LinesOption = False,
    field: FieldOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Measure how far new articles are from what a section model was trained on.

    Beside each figure stands that of the articles it was tested on.
    """
    from research.runs import load_sections
    from research.sections.study import drift as measure_drift

    trained = load_sections(run, runs)
    texts = [text for _, text in read_texts(files, field, lines=lines, encoding=encoding)]
    if not texts:
        raise InputError(f"{files[0]}: no text in it")
    _print_drift(measure_drift(trained.model, texts), trained.figures.drift)


def _print_drift(new: dict[str, Any], tested: Drift) -> None:
    from research.report.texts import names, text

    articles = text("en", "drift.articles")
    rows: list[Sequence[str]] = [
        names("en", "tables.drift"),
        (articles, str(new["articles"]), str(tested.articles)),
    ]
    for figure in ("unknown_terms", "mean_probability", "share_sure"):
        title = text("en", f"drift.{figure}")
        rows.append(_percents(title, new[figure], getattr(tested, figure)))
    for section, share in new["mix"].items():
        title = text("en", "drift.labelled", section=section)
        rows.append(_percents(title, share, tested.mix.get(section, 0)))
    print_table(rows)
    counts = [f"{word} {count}" for word, count in new["unknown_words"]]
    typer.echo(text("en", "drift.unknown_words", words=_joined(counts)))


def _percents(title: str, new: float, tested: float) -> Sequence[str]:
    return title, f"{new:.1%}", f"{tested:.1%}"
