"""Pages → articles: split."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.cli.app import EncodingOption, app, print_table, show_progress
from research.errors import InputError

if TYPE_CHECKING:
    from research.articles.article import Article
    from research.pages.corrections import Corrections
    from research.pages.split.page import Layout


@app.command()
def split(
    pages: Annotated[
        list[Path],
        typer.Argument(
            help="Page dumps (.txt, one page a file; .pdf), or folders of them and of saved e-papers.",
            readable=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write a corpus (.jsonl) of all that lies below, or with --html the drawing.",
        ),
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Print one JSON object an article.")
    ] = False,
    html: Annotated[
        bool, typer.Option("--html", help="Draw the pages, coloured by article, as one HTML file.")
    ] = False,
    corrections: Annotated[
        Path | None, typer.Option(help="Corrections by hand (.toml).", readable=False)
    ] = None,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole",
            help="Take each .txt file as one article, its first line the headline; with -o.",
        ),
    ] = False,
    encoding: EncodingOption = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes with -o; one a core where left out.")
    ] = None,
) -> None:
    """Split pages into articles.

    With -o, folders of years of issues become one corpus: articles joined over the pages of an issue, what cannot be
    read named and left out. Stopped, the same call goes on where it was. With --whole too, the files are articles already.
    """
    from research.pages.corrections import Corrections, read_corrections

    if whole:
        if not output or jsonl or html or corrections:
            raise InputError(
                "--whole: files that are articles already are not split; it goes with -o articles.jsonl alone"
            )
        _gather(pages, output, encoding)
        return
    corrected = read_corrections(corrections) if corrections else Corrections()
    if output and not html:
        _split_archive(pages, output, corrected, encoding, jobs)
        return
    if folder := next((path for path in pages if path.is_dir()), None):
        raise InputError(
            f"{folder}: a folder; add -o articles.jsonl to split all that lies below it"
        )
    layouts = _split_each(pages, corrected, encoding)
    if html:
        typer.echo(str(_draw(layouts, output or Path(f"{pages[0].stem}.html"))))
    elif jsonl:
        for article in chain.from_iterable(layout.articles for layout in layouts):
            typer.echo(json.dumps(article.to_json(), ensure_ascii=False))
    else:
        for layout in layouts:
            typer.echo(_outline(layout))


def _split_each(pages: list[Path], corrections: Corrections, encoding: str | None) -> list[Layout]:
    """Read every page before anything is printed, and say which corrections found no place."""
    from research.pages.corrections import correct_page
    from research.pages.read.files import read_pages

    read = [page for path in pages for page in read_pages(path, encoding)]
    split = [correct_page(page, corrections) for page in read]
    applied = {n for _, found in split for n in found}
    _tell_stale(corrections.stale(applied))
    return [layout for layout, _ in split]


def _tell_stale(corrections: Sequence[str]) -> None:
    for said in corrections:
        typer.echo(f"no longer applies: {said}", err=True)


def _outline(layout: Layout) -> str:
    page = layout.page
    head = f"{page.source}: {len(layout.articles)} items, {page.encoding}, dated {page.date or 'nowhere'}"
    aside = [f"\n□ line {entry.line}, {entry.reason}: {entry.text}" for entry in layout.aside]
    return "\n".join([head, *map(_show, layout.articles), *aside])


def _draw(layouts: list[Layout], output: Path) -> Path:
    from research.files import replacing
    from research.pages.drawing import draw

    with replacing(output) as beside:
        beside.write_text(draw(layouts), "utf-8")
    return output


def _split_archive(
    sources: list[Path],
    output: Path,
    corrections: Corrections,
    encoding: str | None,
    jobs: int | None,
) -> None:
    from research.pages.archive import split_archive

    with show_progress() as progress:
        found = split_archive(sources, output, corrections, encoding, jobs, progress)
    for problem in found.problems:
        typer.echo(f"left out: {problem}", err=True)
    _tell_stale(found.stale)
    rows = [
        [
            "issues",
            f"{found.issues:,}" + (f" ({found.resumed:,} done before)" if found.resumed else ""),
        ],
        ["pages", f"{found.pages:,}"],
        [
            "articles",
            f"{sum(found.kinds.values()):,}: "
            + ", ".join(f"{count:,} {kind}" for kind, count in found.kinds.most_common()),
        ],
        ["joined over pages", f"{found.joined:,}"],
        [
            "lines set aside",
            ", ".join(f"{count:,} {reason}" for reason, count in found.aside.most_common()) or "0",
        ],
        ["less than half sure", f"{found.unsure:,} articles"],
        ["left out", f"{len(found.problems):,}"],
        ["written", str(output)],
    ]
    print_table(rows)


def _gather(sources: list[Path], output: Path, encoding: str | None) -> None:
    from research.articles.text_files import gather

    with show_progress() as progress:
        count, problems = gather(sources, output, encoding, progress)
    for problem in problems:
        typer.echo(f"left out: {problem}", err=True)
    print_table(
        [["articles", f"{count:,}"], ["left out", f"{len(problems):,}"], ["written", str(output)]]
    )


def _show(article: Article) -> str:
    from research.pages.split.reasons import sentences

    spans = ", ".join(f"{first}–{last}" for first, last in article.lines)
    jumps = [f"上接{article.jump_from}版"] * bool(article.jump_from) + [
        f"下转{article.jump_to}版"
    ] * bool(article.jump_to)
    sure = [] if article.confidence is None else [f"{article.confidence:.0%} sure"]
    head = f"\n■ {article.headline or '（无标题）'}\n  {' · '.join([article.kind, f'lines {spans}', *jumps, *filter(None, [article.byline]), *sure])}"
    why = [f"  why: {'; '.join(sentences(article.reasons))}"] if article.reasons else []
    return "\n".join([head, *why, *(f"    {text}" for text in article.paragraphs)])
