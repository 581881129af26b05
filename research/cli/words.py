"""Words that the dictionary lacks: words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.cli.options import FieldOption, OnBadRowOption, SheetOption
from research.cli.sources import parse_fields, read_articles
from research.cli.terminal import print_table, show_progress

if TYPE_CHECKING:
    from research.text.new_words import NewWord


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
    on_bad_row: OnBadRowOption = "refuse",
    sheet: SheetOption = None,
) -> None:
    """Propose words that the dictionary lacks, with the evidence for each."""
    from research.text.dictionary import write_dictionary
    from research.text.new_words import propose_words
    from research.text.segmenter import Segmenter, read_user_dictionary

    known = [word for path in dictionary or [] for word in read_user_dictionary(path)]
    articles = list(read_articles(corpora, parse_fields(field), on_bad_row, sheet))
    with show_progress() as progress:
        proposals = propose_words(
            articles, Segmenter(known), min_count=min_count, min_npmi=min_npmi, progress=progress
        )
    if output is None:
        _print_proposals(proposals)
        return
    write_dictionary(output, proposals)
    typer.echo(
        f"{len(proposals)} proposals in {output}; "
        "take out what is no word, then name the file in tokens.user_dictionaries"
    )


def _print_proposals(proposals: Sequence[NewWord]) -> None:
    from research.report.texts import printed_names

    rows: list[Sequence[str]] = [printed_names("tables.new_words")]
    for word in proposals:
        cohesion, left, right = f"{word.npmi:.2f}", f"{word.left:.1f}", f"{word.right:.1f}"
        rows.append((word.word, str(word.count), cohesion, left, right, " ".join(word.parts)))
    print_table(rows)
