"""Pages → articles: split."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.articles.text_files import FileArticles
from research.cli.options import EncodingOption
from research.cli.terminal import print_table, show_progress
from research.errors import InputError

if TYPE_CHECKING:
    from research.articles.article import Article
    from research.pages.archive import Summary
    from research.pages.corrections import Corrections
    from research.pages.read.page import Page
    from research.pages.split.page import Layout


PagesArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Page dumps (.txt, one page a file; .pdf), files of articles (crawlers' .txt and .md, "
        "exports, .htm, .docx), or folders of them and of saved e-papers.",
        readable=False,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write a corpus (.jsonl) of all that lies below, or with --html the drawing.",
    ),
]
JsonlOption = Annotated[bool, typer.Option("--jsonl", help="Print one JSON object an article.")]
HtmlOption = Annotated[
    bool, typer.Option("--html", help="Draw the pages, coloured by article, as one HTML file.")
]
CorrectionsOption = Annotated[
    Path | None, typer.Option(help="Corrections by hand (.toml).", readable=False)
]
WholeOption = Annotated[
    bool,
    typer.Option(
        "--whole",
        help="Take each .txt file as one article, its first line the headline; with -o.",
    ),
]
JobsOption = Annotated[
    int | None, typer.Option(min=1, help="Processes with -o; one a core where left out.")
]


def split(
    pages: PagesArgument,
    *,
    output: OutputOption = None,
    jsonl: JsonlOption = False,
    html: HtmlOption = False,
    corrections: CorrectionsOption = None,
    whole: WholeOption = False,
    encoding: EncodingOption = None,
    jobs: JobsOption = None,
) -> None:
    """Split pages into articles.

    With -o, folders of years of issues become one corpus: articles are joined over the pages of
    an issue; what cannot be read is named and left out.
    If it is stopped, the same call goes on where it was.
    With --whole too, the files are articles already.
    """
    from research.pages.corrections import Corrections, read_corrections

    if whole:
        if not output or jsonl or html or corrections:
            raise InputError(
                "--whole: files that are articles already are not split; "
                "it goes with -o articles.jsonl alone"
            )
        _gather(pages, output, encoding)
        return
    corrected = read_corrections(corrections) if corrections else Corrections()
    if output and not html:
        _split_archive(pages, output, corrected, encoding, jobs)
        return
    _refuse_folders(pages)
    files = _read_each(pages, encoding)
    layouts = _split_each(files, corrected)
    if html:
        _refuse_drawing(pages, files)
        typer.echo(str(_draw(layouts, output or Path(f"{pages[0].stem}.html"))))
    elif jsonl:
        _print_json([*_of_articles(files), *layouts])
    else:
        for path, file in zip(pages, files, strict=True):
            if isinstance(file, FileArticles):
                typer.echo(_outline_of_file(path, file))
        for layout in layouts:
            typer.echo(_outline(layout))


def _refuse_folders(pages: Sequence[Path]) -> None:
    for path in pages:
        if path.is_dir():
            raise InputError(
                f"{path}: a folder; add -o articles.jsonl to split all that lies below it"
            )


def _read_each(paths: Sequence[Path], encoding: str | None) -> list[FileArticles | list[Page]]:
    """Read every file before anything is printed: its pages, or the articles that it holds."""
    from research.pages.read.article_files import read_article_file
    from research.pages.read.files import read_pages

    files: list[FileArticles | list[Page]] = []
    for path in paths:
        articles = read_article_file(path, encoding)
        if articles is not None:
            _print_problems(articles.problems)
        if articles is not None and not articles.articles:
            raise InputError(f"{path}: {articles.form}, but no article in it")
        files.append(articles or read_pages(path, encoding))
    return files


def _of_articles(files: Sequence[FileArticles | list[Page]]) -> list[FileArticles]:
    return [file for file in files if isinstance(file, FileArticles)]


def _refuse_drawing(paths: Sequence[Path], files: Sequence[FileArticles | list[Page]]) -> None:
    for path, file in zip(paths, files, strict=True):
        if isinstance(file, FileArticles):
            raise InputError(f"{path}: {file.form}, which has no page to draw; leave out --html")


def _split_each(
    files: Sequence[FileArticles | list[Page]], corrections: Corrections
) -> list[Layout]:
    """Split every page, and name corrections that no longer apply."""
    from research.pages.corrections import correct_page
    from research.pages.read.page import joined

    read = joined(page for file in files if isinstance(file, list) for page in file)
    layouts, applied = [], set[int]()
    for page in read:
        layout, numbers = correct_page(page, corrections)
        layouts.append(layout)
        applied.update(numbers)
    _print_stale(corrections.stale(applied))
    return layouts


def _draw(layouts: list[Layout], output: Path) -> Path:
    from research.files import replacing
    from research.pages.drawing import draw
    from research.report.texts import terminal_language

    with replacing(output) as beside:
        beside.write_text(draw(layouts, terminal_language()), "utf-8")
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
        outcome = split_archive(sources, output, corrections, encoding, jobs, progress)
    _print_problems(outcome.problems)
    _print_stale(outcome.stale)
    _print_outcome(outcome, output)


def _gather(sources: list[Path], output: Path, encoding: str | None) -> None:
    from research.articles.text_files import gather
    from research.pages.read.article_files import WHOLE_FILES

    with show_progress() as progress:
        outcome = gather(sources, output, encoding, progress, WHOLE_FILES)
    _print_problems(outcome.problems)
    figures = {
        "files": _counts(outcome.forms),
        "articles": f"{outcome.n_articles:,}",
        "set_aside": _counts(outcome.aside) or "0",
        "left_out": f"{len(outcome.problems):,}",
        **_healed(outcome.healed),
        "written": str(output),
    }
    _print_figures(figures)


def _healed(number: int) -> dict[str, str]:
    return {"healed": f"{number:,}"} if number else {}


def _print_json(groups: Sequence[Layout | FileArticles]) -> None:
    for group in groups:
        for article in group.articles:
            typer.echo(json.dumps(article.to_json(), ensure_ascii=False))


def _print_problems(problems: Iterable[str]) -> None:
    for problem in problems:
        typer.echo(f"left out: {problem}", err=True)


def _print_stale(corrections: Iterable[str]) -> None:
    for correction in corrections:
        typer.echo(f"no longer applies: {correction}", err=True)


def _print_outcome(outcome: Summary, output: Path) -> None:
    from research.report.texts import printed

    issues = f"{outcome.issues:,}"
    if outcome.resumed:
        issues = printed(
            "split.issues_resumed",
            issues=issues,
            resumed=f"{outcome.resumed:,}",
        )
    n_articles = f"{sum(outcome.kinds.values()):,}"
    figures = {"issues": issues}
    if outcome.forms:
        figures["epapers"] = _counts(outcome.forms)
    if outcome.files:
        figures["files"] = _counts(outcome.files)
    if outcome.unread:
        figures["unread"] = _counts(outcome.unread)
    figures |= {
        "pages": f"{outcome.pages:,}",
        "articles": f"{n_articles}: {_counts(outcome.kinds)}",
        "joined": f"{outcome.joined:,}",
        "set_aside": _counts(outcome.aside) or "0",
        "unsure": printed("split.n_articles", n=f"{outcome.unsure:,}"),
        "left_out": f"{len(outcome.problems):,}",
        **_healed(outcome.healed),
        "written": str(output),
    }
    _print_figures(figures)


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())


def _print_figures(figures: dict[str, str]) -> None:
    from research.report.texts import printed

    print_table([(printed(f"split.{name}"), value) for name, value in figures.items()])


def _outline(layout: Layout) -> str:
    page = layout.page
    head = (
        f"{page.source}: {len(layout.articles)} items, {page.encoding}, "
        f"dated {page.date or 'nowhere'}"
    )
    aside = [f"\n□ line {entry.line}, {entry.reason}: {entry.text}" for entry in layout.aside]
    return "\n".join([head, *map(_article, layout.articles), *aside])


def _outline_of_file(path: Path, file: FileArticles) -> str:
    head = f"{path}: {len(file.articles)} items, {file.form}"
    aside = f"\n□ set aside: {_counts(file.aside)}" if file.aside else ""
    return "\n".join([head, *map(_article, file.articles), *filter(None, [aside])])


def _article(article: Article) -> str:
    from research.pages.split.reasons import sentences

    headline = article.headline or "（无标题）"
    lines = [f"\n■ {headline}", f"  {' · '.join(_facts(article))}"]
    if article.reasons:
        lines.append(f"  why: {'; '.join(sentences(article.reasons))}")
    lines += [f"    {text}" for text in article.paragraphs]
    return "\n".join(lines)


def _facts(article: Article) -> list[str]:
    """Return an article's kind, lines, jumps, byline, and how sure it is where it begins."""
    spans = ", ".join(f"{first}–{last}" for first, last in article.lines)
    facts: list[str] = [article.kind]
    if spans:
        facts.append(f"lines {spans}")
    if article.jump_from:
        facts.append(f"上接{article.jump_from}版")
    if article.jump_to:
        facts.append(f"下转{article.jump_to}版")
    if article.byline:
        facts.append(article.byline)
    if article.confidence is not None:
        facts.append(f"{article.confidence:.0%} sure")
    return facts
