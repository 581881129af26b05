"""The command line: one thin function per verb."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from research.errors import InputError

if TYPE_CHECKING:
    from research.articles import Article, Text
    from research.config import Fields
    from research.corpus import Progress
    from research.pages import Layout
    from research.pages.corrections import Corrections
    from research.runs import SectionsRun, ThemesRun

app = typer.Typer(
    help="Text classification and topic modelling of Chinese newspapers: page → article → section → theme.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
RunsOption = Annotated[Path, typer.Option("--runs", help="Folder that holds the runs.", envvar="RESEARCH_RUNS")]
BaseOption = Annotated[Path | None, typer.Option("--base", help="Folder that the config's paths start from.")]
EncodingOption = Annotated[str | None, typer.Option(help="The pages' encoding, where detecting it fails.")]
TextsArgument = Annotated[
    list[Path], typer.Argument(help="Pages (.txt, .pdf), articles (.jsonl, .csv, .xlsx), or texts with --lines; - reads lines from stdin.", readable=False)
]
LinesOption = Annotated[bool, typer.Option("--lines", help="Take each line of the files as a text of its own.")]
FieldOption = Annotated[list[str] | None, typer.Option(help="What a corpus calls a field, such as headline=title; may be repeated.")]


def main() -> None:
    """Run the command line; what is wrong in the input is one line on stderr and exit code 2."""
    try:
        app()
    except InputError as error:
        _fail(str(error))
    except OSError as error:
        _fail(_explain(error))
    except KeyboardInterrupt:
        typer.echo("stopped; nothing half-written was left", err=True)
        raise SystemExit(130) from None


def _fail(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"error: {line}", err=True)
    raise SystemExit(2) from None


def _explain(error: OSError) -> str:
    where = error.filename or "the disk"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{where}: no space left; free some and run it again (what was there before is unchanged)"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where}: no permission to write there; choose another folder with --runs, or change its mode"
    return f"{where}: {error.strerror or error}"


@app.command()
def split(
    pages: Annotated[list[Path], typer.Argument(help="Page dumps (.txt, one page a file; .pdf), or folders of them and of saved e-papers.", readable=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write a corpus (.jsonl) of all that lies below, or with --html the drawing.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object an article.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Draw the pages, coloured by article, as one HTML file.")] = False,
    corrections: Annotated[Path | None, typer.Option(help="Corrections by hand (.toml).", readable=False)] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Take each .txt file as one article, its first line the headline; with -o.")] = False,
    encoding: EncodingOption = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes with -o; one a core where left out.")] = None,
) -> None:
    """Split pages into articles.

    With -o, folders of years of issues become one corpus: articles joined over the pages of an issue, what cannot be
    read named and left out. Stopped, the same call goes on where it was. With --whole too, the files are articles already.
    """
    from research.pages.corrections import Corrections, read_corrections

    if whole:
        if not output or jsonl or html or corrections:
            raise InputError("--whole: files that are articles already are not split; it goes with -o articles.jsonl alone")
        _gather(pages, output, encoding)
        return
    corrected = read_corrections(corrections) if corrections else Corrections()
    if output and not html:
        _split_archive(pages, output, corrected, encoding, jobs)
        return
    if folder := next((path for path in pages if path.is_dir()), None):
        raise InputError(f"{folder}: a folder; add -o articles.jsonl to split all that lies below it")
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
    from research.pages import read_pages
    from research.pages.corrections import correct_page

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
    from research.pages.draw import draw

    with replacing(output) as beside:
        beside.write_text(draw(layouts), "utf-8")
    return output


def _split_archive(sources: list[Path], output: Path, corrections: Corrections, encoding: str | None, jobs: int | None) -> None:
    from research.pages.archive import split_archive

    with _progress() as progress:
        found = split_archive(sources, output, corrections, encoding, jobs, progress)
    for problem in found.problems:
        typer.echo(f"left out: {problem}", err=True)
    _tell_stale(found.stale)
    rows = [
        ["issues", f"{found.issues:,}" + (f" ({found.resumed:,} done before)" if found.resumed else "")],
        ["pages", f"{found.pages:,}"],
        ["articles", f"{sum(found.kinds.values()):,}: " + ", ".join(f"{count:,} {kind}" for kind, count in found.kinds.most_common())],
        ["joined over pages", f"{found.joined:,}"],
        ["lines set aside", ", ".join(f"{count:,} {reason}" for reason, count in found.aside.most_common()) or "0"],
        ["less than half sure", f"{found.unsure:,} articles"],
        ["left out", f"{len(found.problems):,}"],
        ["written", str(output)],
    ]
    _print_table(rows)


def _gather(sources: list[Path], output: Path, encoding: str | None) -> None:
    from research.pages.whole import gather

    with _progress() as progress:
        count, problems = gather(sources, output, encoding, progress)
    for problem in problems:
        typer.echo(f"left out: {problem}", err=True)
    _print_table([["articles", f"{count:,}"], ["left out", f"{len(problems):,}"], ["written", str(output)]])


def _show(article: Article) -> str:
    spans = ", ".join(f"{first}–{last}" for first, last in article.lines)
    jumps = [f"上接{article.jump_from}版"] * bool(article.jump_from) + [f"下转{article.jump_to}版"] * bool(article.jump_to)
    sure = [] if article.confidence is None else [f"{article.confidence:.0%} sure"]
    head = f"\n■ {article.headline or '（无标题）'}\n  {' · '.join([article.kind, f'lines {spans}', *jumps, *filter(None, [article.byline]), *sure])}"
    return "\n".join([head, *(f"    {text}" for text in article.paragraphs)])


@app.command()
def train(
    configs: Annotated[list[Path], typer.Argument(help="Experiment files (.toml).", readable=False)],
    runs: RunsOption = Path("runs"),
    force: Annotated[bool, typer.Option("--force", help="Train even where neither config nor data changed.")] = False,
) -> None:
    """Train experiments, and print their figures and where their reports lie."""
    from research import experiment

    done, problems = [], []
    for config in configs:
        try:
            with _progress() as progress:
                done.append(experiment.train(config, runs, force=force, progress=progress))
        except InputError as error:
            problems.append(str(error))
    if done:
        _print_outcomes([(outcome.folder, "trained" if outcome.trained else "unchanged") for outcome in done])
    if problems:
        raise InputError("\n".join(problems))


def _print_outcomes(outcomes: Sequence[tuple[Path, str]]) -> None:
    from research.runs import read_figures

    rows = [["run", "", "figures", "report"]]
    for folder, state in outcomes:
        figures = read_figures(folder)
        shown = ("macro_f1", "accuracy", "n_topics", "coherence_npmi", "diversity", "stability")
        said = ", ".join(f"{name} {figures[name]:.4g}" for name in shown if name in figures)
        rows.append([folder.name, state, said, str(folder / "report.html")])
    _print_table(rows)


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len

    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


@app.command()
def rerun(
    run: Annotated[str, typer.Argument(help="A run's folder or name.")],
    runs: RunsOption = Path("runs"),
    base: BaseOption = None,
) -> None:
    """Train a run again from its own record, and say whether every byte came out equal (exit code 1 if not)."""
    from research import experiment

    with _progress() as progress:
        found = experiment.rerun(run, runs, base=base, progress=progress)
    for name in found.changed_inputs:
        typer.echo(f"input changed since: {name}")
    for name in found.differing_files:
        typer.echo(f"differs: {name}")
    typer.echo("equal: every file came out the same, byte for byte" if found.equal else f"not equal: {len(found.differing_files)} files differ")
    raise typer.Exit(0 if found.equal else 1)


@app.command()
def compare(
    names: Annotated[list[str], typer.Argument(metavar="RUN...", help="Runs' folders or names.")],
    runs: RunsOption = Path("runs"),
) -> None:
    """Print runs' figures side by side, and the config keys in which they differ."""
    from research.runs import check_whole, find, read_figures, read_resolved

    folders = [find(name, runs) for name in names]
    for folder in folders:
        check_whole(folder)
    figures = [_flat(read_figures(folder)) for folder in folders]
    configs = [_flat(read_resolved(folder).model_dump(mode="json")) for folder in folders]
    _print_table([["figure", *map(str, names)], *_side_by_side(figures)])
    differing = [row for row in _side_by_side(configs) if len(set(row[1:])) > 1]
    typer.echo("")
    _print_table([["config key", *map(str, names)], *differing] if differing else [["the configs do not differ"]])


def _side_by_side(tables: Sequence[dict[str, Any]]) -> list[list[str]]:
    keys = dict.fromkeys(chain.from_iterable(tables))
    return [[key, *(str(table.get(key, "–")) for table in tables)] for key in keys]


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        parts = [_flat(item, f"{path}.{key}" if path else str(key)) for key, item in value.items() if key not in ("confusion", "reliability")]
        return {key: item for part in parts for key, item in part.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return _flat(dict(enumerate(value)), path)
    return {path: value}


@app.command()
def predict(
    run: Annotated[str, typer.Argument(help="A run's folder or name.")],
    files: TextsArgument,
    runs: RunsOption = Path("runs"),
    lines: LinesOption = False,
    field: FieldOption = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object a text.")] = False,
    encoding: EncodingOption = None,
) -> None:
    """Label new pages, articles or lines: sections, or topics with their shares."""
    from research.runs import load

    labels = _labeller(load(run, runs))
    fields = _fields(field or [])
    texts = chain.from_iterable(_texts(path, lines, encoding, fields) for path in files)
    while batch := list(islice(texts, 500)):
        for (where, text), label in zip(batch, labels([text for _, text in batch]), strict=True):
            title = text if isinstance(text, str) else text.headline or text.text
            if jsonl:
                typer.echo(json.dumps({"source": where, "headline": title[:80], **label}, ensure_ascii=False))
            else:
                best = f"{label['section']}{'' if label['sure'] else '?'}" if "section" in label else label["topic"]
                typer.echo(f"{best}\t{label['probability']:.2f}\t{title[:40]}")


@app.command()
def explain(
    run: Annotated[str, typer.Argument(help="A section run's folder or name.")],
    files: TextsArgument,
    runs: RunsOption = Path("runs"),
    section: Annotated[str | None, typer.Option(help="Explain this section instead of the likeliest.")] = None,
    words: Annotated[int, typer.Option(min=1, help="Words to print for and against.")] = 8,
    lines: LinesOption = False,
    field: FieldOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Say which words and sentences speak for an article's section, and which for the next likely one."""
    trained = _sections_run(run, runs)
    fields = _fields(field or [])
    for where, text in chain.from_iterable(_texts(path, lines, encoding, fields) for path in files):
        found = trained.explain(text, section)
        title = text if isinstance(text, str) else text.headline or text.text
        typer.echo(f"\n■ {title[:60]}  ({where})")
        typer.echo(f"  {found.section} {found.probability:.0%}, rather than {found.rival}; + speaks for {found.section}, - for {found.rival}")
        for sign, kept in (("+", [entry for entry in found.words if entry[1] > 0]), ("-", [entry for entry in found.words if entry[1] < 0])):
            typer.echo(f"  {sign} {'  '.join(f'{word} {abs(value):.2f}' for word, value in kept[:words]) or '–'}")
        for sentence, value in found.sentences:
            typer.echo(f"  {value:+6.2f}  {sentence}")


@app.command()
def drift(
    run: Annotated[str, typer.Argument(help="A section run's folder or name.")],
    files: TextsArgument,
    runs: RunsOption = Path("runs"),
    lines: LinesOption = False,
    field: FieldOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Say how far new articles are from what a section model was trained on, beside the articles it was tested on."""
    from research.study import drift

    trained = _sections_run(run, runs)
    fields = _fields(field or [])
    texts = [text for path in files for _, text in _texts(path, lines, encoding, fields)]
    if not texts:
        raise InputError(f"{files[0]}: no text in it")
    here, there = drift(trained.model, texts), trained.figures["drift"]
    rows = [["figure", "here", "tested"], ["articles", str(here["articles"]), str(there["articles"])]]
    told = (("unknown_terms", "terms unknown"), ("mean_probability", "mean probability"), ("share_sure", "labels sure"))
    rows += [[title, f"{here[key]:.1%}", f"{there[key]:.1%}"] for key, title in told]
    rows += [[f"labelled {name}", f"{share:.1%}", f"{there['mix'].get(name, 0):.1%}"] for name, share in here["mix"].items()]
    _print_table(rows)
    typer.echo(f"commonest unknown words: {'  '.join(f'{word} {n}' for word, n in here['unknown_words']) or '–'}")


@app.command()
def suggest(
    run: Annotated[str, typer.Argument(help="A section run's folder or name.")],
    corpus: Annotated[Path, typer.Argument(help="Articles (.jsonl, .csv, .xlsx); those that have a section already are left out.", readable=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The CSV table to write, one article a row, for a person to fill in.")],
    n: Annotated[int, typer.Option("--number", "-n", min=1, help="Articles to choose.")] = 100,
    runs: RunsOption = Path("runs"),
    field: FieldOption = None,
) -> None:
    """Choose the articles whose labels would teach a section model most, and write them to a table.

    Fill in its column `section` (or delete the row), name the table in an [[also]] of the experiment, and train again.
    """
    from research.corpus import iter_corpus
    from research.files import as_csv, replacing
    from research.study import suggest

    trained = _sections_run(run, runs)
    if output.is_file() and any(article.section for article in iter_corpus(output, sections=None)):
        raise InputError(f"{output}: holds labels already, which would be lost; name another file")
    articles = [article for article in iter_corpus(corpus, _fields(field or [], section="section"), sections=None) if not article.section]
    if not articles:
        raise InputError(f"{corpus}: every article in it has a section already; give one with articles that have none")
    with _progress() as progress:
        chosen = suggest(trained.model, articles, n, progress)
    rows: list[Sequence[object]] = [("id", "date", "section", "likely", "or", "headline", "text")]
    for found in chosen:
        article = articles[found.position]
        rows.append((article.id, article.date or "", "", found.section, found.rival, article.headline or "", article.text))
    with replacing(output) as beside:
        beside.write_text(as_csv(rows), "utf-8")
    typer.echo(f"{len(chosen)} of {len(articles)} articles in {output}; fill in the column section, then name the file in an [[also]]")


def _sections_run(run: str, runs: Path) -> SectionsRun:
    from research.runs import SectionsRun, load

    trained = load(run, runs)
    if not isinstance(trained, SectionsRun):
        raise InputError(f'{run}: a themes run has no sections; give a run with task = "sections"')
    return trained


@app.command()
def agree(
    files: Annotated[list[Path], typer.Argument(help="Two or more corpora with ids and sections, one an annotator.", readable=False)],
    field: FieldOption = None,
    show: Annotated[int, typer.Option(min=0, help="Articles to print that were read differently.")] = 20,
) -> None:
    """Say how far annotators agree: share, Cohen's kappa of each two, Krippendorff's alpha of all."""
    from research.corpus import iter_corpus
    from research.metrics import cohen_kappa, krippendorff_alpha

    if len(files) < 2:
        raise InputError("one file; give the files of two annotators or more")
    fields = _fields(field or [], section="section")
    readings: list[dict[str, str]] = []
    titles: dict[str, str] = {}
    for path in files:
        labels: dict[str, str] = {}
        for article in iter_corpus(path, fields.model_copy(update={"date": ""}), require=["section"], sections=None):
            if article.id in labels:
                raise InputError(f"{path}: id {article.id!r} stands twice; give every article an id of its own")
            labels[article.id] = article.section or ""
            titles.setdefault(article.id, article.headline or article.text[:40])
        readings.append(labels)
    rows = [["annotators", "articles", "same", "kappa"]]
    for (one, left), (other, right) in combinations(zip(files, readings, strict=True), 2):
        shared = [id_ for id_ in left if id_ in right]
        if not shared:
            raise InputError(f"{one} and {other} share no id; give files of the same articles, or name the field with --field id=KEY")
        a, b = [left[id_] for id_ in shared], [right[id_] for id_ in shared]
        same = sum(x == y for x, y in zip(a, b, strict=True))
        rows.append([f"{one} {other}", str(len(shared)), f"{same / len(shared):.3f}", f"{cohen_kappa(a, b):.3f}"])
    _print_table(rows)
    alpha = krippendorff_alpha([[labels.get(id_) for id_ in titles] for labels in readings])
    apart = [id_ for id_ in titles if len({labels[id_] for labels in readings if id_ in labels}) > 1]
    typer.echo(f"Krippendorff's alpha {alpha:.3f}; {len(apart)} articles were read differently")
    for id_ in apart[:show]:
        typer.echo(f"{id_}\t{' '.join(labels.get(id_, '–') for labels in readings)}\t{titles[id_][:40]}")


def _fields(given: list[str], section: str = "") -> Fields:
    from research.config import Fields

    names = {"section": section} | dict(pair.partition("=")[::2] for pair in given)
    allowed = ("id", "headline", "text", "date", *(["section"] if section else []))
    for name, key in names.items():
        if (name not in allowed or not key) and (name, key) != ("section", ""):
            raise InputError(f"--field {name}={key}: write NAME=KEY, NAME one of {', '.join(allowed)}")
    return Fields(**names)


def _texts(path: Path, lines: bool, encoding: str | None, fields: Fields) -> Iterator[tuple[str, Text]]:
    from research.corpus import iter_corpus
    from research.files import decode, read_text
    from research.pages import read_pages, split_page

    if lines or str(path) == "-":
        decoded = decode(sys.stdin.buffer.read(), "-", encoding) if str(path) == "-" else read_text(path, encoding)
        for number, line in enumerate(decoded.text.splitlines(), 1):
            if line.strip():
                yield f"{path}:{number}", line.strip()
    elif path.suffix.lower() in (".txt", ".pdf"):
        for page in read_pages(path, encoding):
            for article in split_page(page):
                yield f"{path}:{article.lines[0][0]}", article
    else:
        for article in iter_corpus(path, fields.model_copy(update={"date": ""})):
            yield article.id, article


def _labeller(trained: SectionsRun | ThemesRun) -> Callable[[list[Text]], Iterator[dict[str, Any]]]:
    """Return what turns a batch of texts into what is printed of each."""
    from research.runs import SectionsRun

    if isinstance(trained, SectionsRun):
        names = trained.model.classes_.tolist()

        def sections(texts: list[Text]) -> Iterator[dict[str, Any]]:
            proba = trained.predict_proba(texts)
            for row, sure in zip(proba, trained.model.is_sure(proba), strict=True):
                best = int(row.argmax())
                shares = [round(float(p), 4) for p in row]
                yield {"section": names[best], "probability": shares[best], "sure": bool(sure), "probabilities": dict(zip(names, shares, strict=True))}

        return sections
    words = trained.top_words(5)

    def topics(texts: list[Text]) -> Iterator[dict[str, Any]]:
        for row in trained.transform(texts):
            best = int(row.argmax())
            shares = [round(float(p), 4) for p in row]
            yield {"topic": best, "probability": shares[best], "words": words[best], "shares": shares}

    return topics


@app.command()
def report(
    run: Annotated[str, typer.Argument(help="A run's folder or name.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write it; into the run where left out.")] = None,
    runs: RunsOption = Path("runs"),
) -> None:
    """Draw a run's report anew, as this version does, and print its path."""
    from research.files import replacing
    from research.report import render
    from research.runs import check_whole, find, replace_report

    folder = find(run, runs)
    manifest = check_whole(folder)
    html = render(folder)
    if output is None:
        output = replace_report(folder, html, manifest.fingerprint)
    else:
        with replacing(output) as beside:
            beside.write_text(html, encoding="utf-8")
    typer.echo(str(output))


@app.command()
def themes(
    run: Annotated[str, typer.Argument(help="A themes run's folder or name.")],
    runs: RunsOption = Path("runs"),
    stories: Annotated[bool, typer.Option("--stories", help="Print what was new in each period.")] = False,
    about: Annotated[str, typer.Option(help="Print the stories whose words stand in this text, the best match first.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="Print every period and topic with share and band, as CSV.")] = False,
    figure: Annotated[Path | None, typer.Option(help="Draw the curves into a .png, .svg or .pdf file.")] = None,
    topic: Annotated[list[int] | None, typer.Option(help="A topic to draw, with its band; may be repeated. All in one picture where left out.")] = None,
) -> None:
    """Print a run's themes and how they move, or what was new in each period; take the numbers elsewhere, or draw them for print."""
    from research.runs import check_whole, find, read_movement, read_stories, read_table, read_topics
    from research.topics.stories import stories_about

    folder = find(run, runs)
    check_whole(folder)
    if not (folder / "movement.json").is_file():
        raise InputError(f'{folder}: a sections run has no themes; give a run with task = "themes"')
    topics = read_topics(folder)
    if figure is not None:
        from research.report.figures import draw_themes

        typer.echo(str(draw_themes(folder, figure, topic or [])))
    elif csv:
        import csv as table

        out = table.writer(sys.stdout, lineterminator="\n")
        out.writerow(["period", "documents", "topic", "name", "share", "low", "high"])
        for row in read_table(folder / "bands.csv"):
            name = topics[int(row["topic"])]["name"]
            out.writerow([row["period"], row["documents"], row["topic"], name, row["share"], row["low"], row["high"]])
    elif stories or about:
        told = read_stories(folder)
        told = stories_about(about, told)[:20] if about else told
        if not told:
            raise InputError(f"{folder}: no story {f'has words of {about!r}' if about else 'in it; set time.stories above 0 and train again'}")
        _print_table([["period", "articles", "theme", "words", "such as"], *(_story(row, topics) for row in told)])
    else:
        _print_table([["topic", "name", "share", "a year", "trend", "peaks", "burst", "words"], *map(_moved, topics, read_movement(folder))])


def _story(story: dict[str, Any], topics: Sequence[dict[str, Any]]) -> list[str]:
    theme = f"{story['theme']} {topics[story['theme']]['name']}"
    return [story["period"], str(story["documents"]), theme, " ".join(story["words"][:6]), story["articles"][0]["headline"]]


def _moved(topic: dict[str, Any], moved: dict[str, Any]) -> list[str]:
    trend, burst = moved["trend"], next(iter(moved["bursts"]), None)
    a_year = "–" if trend["slope"] is None else f"{100 * trend['slope']:+.2f}"
    spell = "–" if burst is None else burst["from"] if burst["from"] == burst["to"] else f"{burst['from']} – {burst['to']}"
    words = " ".join(entry["word"] for entry in topic["relevant"][:5])
    peaks = " ".join(sorted(peak["period"] for peak in moved["peaks"][:3])) or moved["peak"]["period"]
    return [str(topic["topic"]), topic["name"], f"{topic['share']:.1%}", a_year, trend["said"], peaks, spell, words]


@app.command()
def words(
    corpora: Annotated[list[Path], typer.Argument(help="Corpora (.jsonl, .csv, .xlsx).", readable=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write a user dictionary to prune by hand, instead of printing.")] = None,
    dictionary: Annotated[list[Path] | None, typer.Option(help="User dictionaries that are known already.", readable=False)] = None,
    min_count: Annotated[int, typer.Option(min=2, help="Least number of occurrences.")] = 10,
    min_npmi: Annotated[float, typer.Option(min=-1, max=1, help="Least cohesion of its parts.")] = 0.5,
    field: FieldOption = None,
) -> None:
    """Propose words that the dictionary lacks, with the evidence for each."""
    from research.corpus import iter_corpus
    from research.files import replacing
    from research.phrases import propose_words
    from research.tokens import Segmenter, read_user_dictionary

    known = [word for path in dictionary or [] for word in read_user_dictionary(path)]
    fields = _fields(field or [])
    articles = [article for path in corpora for article in iter_corpus(path, fields.model_copy(update={"date": ""}))]
    with _progress() as progress:
        found = propose_words(articles, Segmenter(known), min_count=min_count, min_npmi=min_npmi, progress=progress)
    if output is None:
        head = ["word", "count", "npmi", "left", "right", "parts"]
        rows = [[phrase.word, str(phrase.count), f"{phrase.npmi:.2f}", f"{phrase.left:.1f}", f"{phrase.right:.1f}", " ".join(phrase.parts)] for phrase in found]
        _print_table([head, *rows])
        return
    lines = [f"{p.word}  # {p.count} times, npmi {p.npmi:.2f}, neighbours {p.left:.1f} and {p.right:.1f} bits: {' '.join(p.parts)}\n" for p in found]
    with replacing(output) as beside:
        beside.write_text("".join(lines), "utf-8")
    typer.echo(f"{len(found)} proposals in {output}; take out what is no word, then name the file in tokens.user_dictionaries")


@app.command()
def schema() -> None:
    """Print the JSON Schema of experiment files."""
    from research.config import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """Give a progress callback that draws bars on a terminal, None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            name = stage.partition(",")[0]  # What follows a comma is how it stands, and changes.
            if name not in tasks:
                tasks[name] = bars.add_task(stage, total=total or None)
            bars.update(tasks[name], description=stage, completed=done, total=total or None)

        yield show
