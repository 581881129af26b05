"""Labels by hand: which articles to label next, and how far annotators agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.articles.problems import Problems
from research.cli.options import (
    RUNS_FOLDER,
    AnnotationTool,
    FieldOption,
    OnBadRowOption,
    RunsOption,
    SectionsRunArgument,
    SheetOption,
)
from research.cli.sources import parse_fields, print_left_out
from research.cli.terminal import print_table, show_progress

if TYPE_CHECKING:
    from research.sections.agreement import Disagreement, PairAgreement


_UnlabelledArgument = Annotated[
    Path,
    typer.Argument(
        help="Articles (.jsonl, .csv, .xlsx); those that have a section already are left out.",
        readable=False,
    ),
]
_SuggestionsOption = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        help="The CSV table to write, one article a row, for a person to fill in; or the "
        "tasks of an annotation tool.",
    ),
]
_NumberOption = Annotated[int, typer.Option("--number", "-n", min=1, help="Articles to choose.")]
_ToolOption = Annotated[
    AnnotationTool | None,
    typer.Option("--for", help="Write tasks for an annotation tool instead of a table."),
]


def suggest(
    run: SectionsRunArgument,
    corpus: _UnlabelledArgument,
    output: _SuggestionsOption,
    *,
    n: _NumberOption = 100,
    runs: RunsOption = RUNS_FOLDER,
    field: FieldOption = None,
    tool: _ToolOption = None,
    on_bad_row: OnBadRowOption = "refuse",
    sheet: SheetOption = None,
) -> None:
    """Choose the articles whose labels would teach a section model most, and write a table of them.

    Fill in its column `section`, as far as you like, name the file in an `also` table of the
    experiment, and train again. With --for, label in the tool, and name its export there.
    """
    from research.runs import load_sections
    from research.sections.labelling import read_unlabelled, refuse_labelled, write_suggestions
    from research.sections.labelling_tasks import write_tasks
    from research.sections.study import suggest as choose

    trained = load_sections(run, runs)
    refuse_labelled(output)
    fields = parse_fields(field, section="section")
    problems = Problems()
    articles = read_unlabelled(corpus, fields, on_bad_row, problems, sheet)
    print_left_out(problems)
    with show_progress() as progress:
        suggestions = choose(trained.model, articles, n, progress)
    chosen = f"{len(suggestions)} of {len(articles)} articles in"
    if tool is None:
        write_suggestions(output, articles, suggestions)
        typer.echo(
            f"{chosen} {output}; fill in the column section, then name the file in an [[also]]"
        )
        return
    sections = trained.model.classes_.tolist()
    written = write_tasks(output, articles, suggestions, tool, sections)
    names = " and ".join(map(str, written))
    typer.echo(f"{chosen} {names}; label them in {tool}, then name its export in an [[also]]")


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
    from research.report.texts import printed_names

    rows: list[Sequence[str]] = [printed_names("tables.agreement")]
    for pair in pairs:
        annotators = f"{pair.left} {pair.right}"
        rows.append((annotators, str(pair.articles), f"{pair.equal:.3f}", f"{pair.kappa:.3f}"))
    print_table(rows)


def _print_disagreements(disagreements: Sequence[Disagreement]) -> None:
    for disagreement in disagreements:
        labels = " ".join(label or "–" for label in disagreement.labels)
        typer.echo(f"{disagreement.id}\t{labels}\t{disagreement.title}")
