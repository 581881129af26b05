"""What a model goes by, and how far new articles are from those it knows.

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
    RunArgument,
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
    from research.themes.explanation import ParagraphPart, ThemeExplanation

_MAX_HEADLINE_CHARACTERS = 60
_NO_KNOWN_WORD = "   –"
_MIN_PROBABILITY_LIT = 0.5  # Of a word that is lit up: it likely belongs to the theme.


def explain(
    run: RunArgument,
    files: TextsArgument,
    *,
    runs: RunsOption = RUNS_FOLDER,
    section: Annotated[
        str | None, typer.Option(help="Explain this section instead of the likeliest.")
    ] = None,
    topic: Annotated[
        int | None, typer.Option(help="Explain this theme instead of the largest.")
    ] = None,
    words: Annotated[int, typer.Option(min=1, help="Words to print for and against.")] = 8,
    lines: LinesOption = False,
    field: FieldOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Print what speaks for an article's section, or which words and paragraphs make its theme.

    Of a sections run: words and sentences for the section, and those for its rival, the next likely
    section. Of a themes run: the words of the theme, and its part in each paragraph.
    """
    from research.runs import SectionsRun, open_run

    trained = open_run(run, runs)
    is_sections = isinstance(trained, SectionsRun)
    if is_sections and topic is not None:
        raise InputError(f"{trained.folder}: a sections run has no themes; use --section")
    if not is_sections and section is not None:
        raise InputError(f"{trained.folder}: a themes run has no sections; use --topic")
    for place, text in read_texts(files, field, lines=lines, encoding=encoding):
        head = f"\n■ {_headline(text)}  ({place})"
        if isinstance(trained, SectionsRun):
            explanation = trained.explain(text, section)
            typer.echo(head)
            _print_explanation(explanation, words)
        else:
            theme = trained.explain(text, topic) if trained.has_theme([text])[0] else None
            typer.echo(head)
            _print_theme(theme, words)


def _headline(text: Text) -> str:
    headline = text if isinstance(text, str) else text.headline or text.text
    return headline[:_MAX_HEADLINE_CHARACTERS]


def _print_theme(explanation: ThemeExplanation | None, max_words: int) -> None:
    """Print the words of a theme, then each paragraph with its part, its words lit up."""
    from research.report.texts import printed

    if explanation is None:
        typer.echo(f"  {printed('explain.no_theme')}")
        return
    typer.echo(f"  {explanation.topic} {explanation.name} {explanation.share:.0%}")
    entries = []
    for part in explanation.words[:max_words]:
        entries.append(f"{part.word} {part.tokens:.1f}/{part.occurrences}")
    typer.echo(f"  {_joined(entries)}")
    for paragraph in explanation.paragraphs:
        share = f"{paragraph.share:4.0%}" if paragraph.words else _NO_KNOWN_WORD
        typer.echo(f"  {share}  {_lit(paragraph)}")


def _lit(paragraph: ParagraphPart) -> str:
    """Return a paragraph with the words of the theme bold, which only a terminal shows."""
    pieces = []
    end = 0
    for place in paragraph.places:
        if place.probability < _MIN_PROBABILITY_LIT:
            continue
        pieces.append(paragraph.text[end : place.begin])
        pieces.append(typer.style(paragraph.text[place.begin : place.end], bold=True))
        end = place.end
    pieces.append(paragraph.text[end:])
    return "".join(pieces)


def _print_explanation(explanation: Explanation, max_words: int) -> None:
    from research.report.texts import printed

    head = printed(
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
    from research.report.texts import printed, printed_names

    articles = printed("drift.articles")
    rows: list[Sequence[str]] = [
        printed_names("tables.drift"),
        (articles, str(new["articles"]), str(tested.articles)),
    ]
    for figure in ("unknown_terms", "mean_probability", "share_sure"):
        title = printed(f"drift.{figure}")
        rows.append(_percents(title, new[figure], getattr(tested, figure)))
    for section, share in new["mix"].items():
        title = printed("drift.labelled", section=section)
        rows.append(_percents(title, share, tested.mix.get(section, 0)))
    print_table(rows)
    counts = [f"{word} {count}" for word, count in new["unknown_words"]]
    typer.echo(printed("drift.unknown_words", words=_joined(counts)))


def _percents(title: str, new: float, tested: float) -> Sequence[str]:
    return title, f"{new:.1%}", f"{tested:.1%}"
