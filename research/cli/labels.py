"""Labels by hand: which articles to label next, and how far annotators agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.cli.options import RUNS_FOLDER, FieldOption, RunsOption, SectionsRunArgument
from research.cli.sources import parse_fields
from research.cli.terminal import print_table, show_progress

if TYPE_CHECKING:
    from research.sections.agreement import Disagreement, PairAgreement


def suggest(
    run: SectionsRunArgument,
    corpus: Annotated[
        Path,
        typer.Argument(
            help="Articles (.jsonl, .csv, .xlsx); those that have a section already are left out.",
            readable=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="The CSV table to write, one article a row, for a person to fill in.",
        ),
    ],
    n: Annotated[int, typer.Option("--number", "-n", min=1, help="Articles to choose.")] = 100,
    runs: RunsOption = RUNS_FOLDER,
    field: FieldOption = None,
) -> None:
    """Choose the articles whose labels would teach a section model most, and write a table of them.

    Fill in its column `section` (or delete the row), name the file in an `also` table of the
    experiment, and train again.
    """
    from research.runs import load_sections
    from research.sections.labelling import read_unlabelled, refuse_labelled, write_suggestions
    from research.sections.study import suggest as choose

    trained = load_sections(run, runs)
    refuse_labelled(output)
    articles = read_unlabelled(corpus, parse_fields(field, section="section"))
    with show_progress() as progress:
        suggestions = choose(trained.model, articles, n, progress)
    write_suggestions(output, articles, suggestions)
    typer.echo(
        f"{len(suggestions)} of {len(articles)} articles in {output}; "
        "fill in the column section, then name the file in an [[also]]"
    )


def agree(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Two or more corpora with ids and sections, one an annotator.", readable=False
        ),
    ],
    field: FieldOption = None,
    show: Annotated[
        int, typer.Option(min=0, help="Articles to print that were read differently.")
    ] = 20,
) -> None:
    """Measure how far annotators agree: share, Cohen's kappa of each two, Krippendorff's alpha."""
    from research.sections.agreement import measure_agreement, read_labels

    fields = parse_fields(field, section="section")
    agreement = measure_agreement([read_labels(path, fields) for path in files])
    _print_pairs(agreement.pairs)
    typer.echo(
        f"Krippendorff's alpha {agreement.alpha:.3f}; "
        f"{len(agreement.disagreements)} articles were read differently"
    )
    _print_disagreements(agreement.disagreements[:show])


def _print_pairs(pairs: Sequence[PairAgreement]) -> None:
    from research.report.texts import names

    rows: list[Sequence[str]] = [names("en", "tables.agreement")]
    for pair in pairs:
        annotators = f"{pair.left} {pair.right}"
        rows.append((annotators, str(pair.articles), f"{pair.equal:.3f}", f"{pair.kappa:.3f}"))
    print_table(rows)


def _print_disagreements(disagreements: Sequence[Disagreement]) -> None:
    for disagreement in disagreements:
        labels = " ".join(label or "–" for label in disagreement.labels)
        typer.echo(f"{disagreement.id}\t{labels}\t{disagreement.title}")
