"""Trained models on new texts, and labels by hand: predict, explain, drift, suggest, agree."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from research.cli.app import (
    EncodingOption,
    FieldOption,
    LinesOption,
    RunsOption,
    TextsArgument,
    app,
    fields_of,
    print_table,
    show_progress,
    texts_of,
)
from research.errors import InputError

if TYPE_CHECKING:
    from research.articles.article import Text
    from research.runs import SectionsRun, ThemesRun


@app.command()
def predict(
    run: Annotated[str, typer.Argument(help="A run's folder or name.")],
    files: TextsArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write a table (.csv, for Excel too) or .jsonl instead of printing.",
        ),
    ] = None,
    runs: RunsOption = Path("runs"),
    lines: LinesOption = False,
    field: FieldOption = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object a text.")] = False,
    encoding: EncodingOption = None,
) -> None:
    """Label new pages, articles or lines: sections, or topics with their shares."""
    from research.runs import load

    if output and output.suffix not in (".csv", ".jsonl"):
        raise InputError(f"{output}: labels are written as .csv or .jsonl; name such a file")
    texts = texts_of(files, lines, encoding, field)
    rows = _labelled(load(run, runs), texts)
    if output:
        typer.echo(f"{_write_labels(rows, output)} texts labelled in {output}")
        return
    for row in rows:
        if jsonl:
            typer.echo(json.dumps(row, ensure_ascii=False))
        else:
            best = (
                f"{row['section']}{'' if row['sure'] else '?'}"
                if "section" in row
                else f"{row['topic']} {row['name']}"
            )
            typer.echo(f"{best}\t{row['probability']:.2f}\t{row['headline'][:40]}")


def _labelled(
    trained: SectionsRun | ThemesRun, texts: Iterator[tuple[str, Text]]
) -> Iterator[dict[str, Any]]:
    """Yield what is told of each text: where it comes from, its date and headline where it has any, and its label."""
    labels = _labeller(trained)
    while batch := list(islice(texts, 500)):
        for (where, text), label in zip(batch, labels([text for _, text in batch]), strict=True):
            title, date = (
                (text, None) if isinstance(text, str) else (text.headline or text.text, text.date)
            )
            yield {"source": where, "date": date, "headline": title[:80], **label}


def _labeller(trained: SectionsRun | ThemesRun) -> Callable[[list[Text]], Iterator[dict[str, Any]]]:
    """Return what turns a batch of texts into what is told of each."""
    from research.runs import SectionsRun, read_topics

    if isinstance(trained, SectionsRun):
        names = trained.model.classes_.tolist()

        def sections(texts: list[Text]) -> Iterator[dict[str, Any]]:
            proba = trained.predict_proba(texts)
            for row, sure in zip(proba, trained.model.is_sure(proba), strict=True):
                best = int(row.argmax())
                shares = [round(float(p), 4) for p in row]
                yield {
                    "section": names[best],
                    "probability": shares[best],
                    "sure": bool(sure),
                    "probabilities": dict(zip(names, shares, strict=True)),
                }

        return sections
    words, called = trained.top_words(5), [topic["name"] for topic in read_topics(trained.folder)]

    def topics(texts: list[Text]) -> Iterator[dict[str, Any]]:
        for row in trained.transform(texts):
            best = int(row.argmax())
            shares = [round(float(p), 4) for p in row]
            yield {
                "topic": best,
                "name": called[best],
                "probability": shares[best],
                "words": words[best],
                "shares": shares,
            }

    return topics


def _write_labels(rows: Iterator[dict[str, Any]], output: Path) -> int:
    """Write labelled texts, whole or not at all; return how many there were. A table's first bytes tell Excel that it is UTF-8."""
    from research.files import replacing

    as_table = output.suffix == ".csv"
    count = 0
    with (
        show_progress() as progress,
        replacing(output) as beside,
        beside.open("w", encoding="utf-8-sig" if as_table else "utf-8", newline="") as out,
    ):
        table = csv.writer(out, lineterminator="\n")
        for count, row in enumerate(rows, 1):
            if not as_table:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            else:
                cells = _cells(row)
                table.writerows([cells, cells.values()] if count == 1 else [cells.values()])
            if progress and count % 100 == 0:
                progress("labelling", count, 0)
    return count


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    """Lay a label out as a table's columns: a column a section, or a topic."""
    wide = row.get("probabilities") or {
        f"topic_{k}": share for k, share in enumerate(row["shares"])
    }
    told = {
        key: " ".join(value) if key == "words" else value
        for key, value in row.items()
        if key not in ("probabilities", "shares")
    }
    return told | wide


@app.command()
def explain(
    run: Annotated[str, typer.Argument(help="A section run's folder or name.")],
    files: TextsArgument,
    runs: RunsOption = Path("runs"),
    section: Annotated[
        str | None, typer.Option(help="Explain this section instead of the likeliest.")
    ] = None,
    words: Annotated[int, typer.Option(min=1, help="Words to print for and against.")] = 8,
    lines: LinesOption = False,
    field: FieldOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Say which words and sentences speak for an article's section, and which for the next likely one."""
    trained = _sections_run(run, runs)
    for where, text in texts_of(files, lines, encoding, field):
        found = trained.explain(text, section)
        title = text if isinstance(text, str) else text.headline or text.text
        typer.echo(f"\n■ {title[:60]}  ({where})")
        typer.echo(
            f"  {found.section} {found.probability:.0%}, rather than {found.rival}; + speaks for {found.section}, - for {found.rival}"
        )
        for sign, kept in (
            ("+", [entry for entry in found.words if entry[1] > 0]),
            ("-", [entry for entry in found.words if entry[1] < 0]),
        ):
            typer.echo(
                f"  {sign} {'  '.join(f'{word} {abs(value):.2f}' for word, value in kept[:words]) or '–'}"
            )
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
    from research.sections.study import drift

    trained = _sections_run(run, runs)
    texts = [text for _, text in texts_of(files, lines, encoding, field)]
    if not texts:
        raise InputError(f"{files[0]}: no text in it")
    here, there = drift(trained.model, texts), trained.figures["drift"]
    rows = [
        ["figure", "here", "tested"],
        ["articles", str(here["articles"]), str(there["articles"])],
    ]
    told = (
        ("unknown_terms", "terms unknown"),
        ("mean_probability", "mean probability"),
        ("share_sure", "labels sure"),
    )
    rows += [[title, f"{here[key]:.1%}", f"{there[key]:.1%}"] for key, title in told]
    rows += [
        [f"labelled {name}", f"{share:.1%}", f"{there['mix'].get(name, 0):.1%}"]
        for name, share in here["mix"].items()
    ]
    print_table(rows)
    typer.echo(
        f"commonest unknown words: {'  '.join(f'{word} {n}' for word, n in here['unknown_words']) or '–'}"
    )


@app.command()
def suggest(
    run: Annotated[str, typer.Argument(help="A section run's folder or name.")],
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
    runs: RunsOption = Path("runs"),
    field: FieldOption = None,
) -> None:
    """Choose the articles whose labels would teach a section model most, and write them to a table.

    Fill in its column `section` (or delete the row), name the table in an [[also]] of the experiment, and train again.
    """
    from research.articles.corpus import iter_corpus
    from research.files import as_csv, replacing
    from research.sections.study import suggest

    trained = _sections_run(run, runs)
    if output.is_file() and any(article.section for article in iter_corpus(output, sections=None)):
        raise InputError(f"{output}: holds labels already, which would be lost; name another file")
    articles = [
        article
        for article in iter_corpus(corpus, fields_of(field or [], section="section"), sections=None)
        if not article.section
    ]
    if not articles:
        raise InputError(
            f"{corpus}: every article in it has a section already; give one with articles that have none"
        )
    with show_progress() as progress:
        chosen = suggest(trained.model, articles, n, progress)
    rows: list[Sequence[object]] = [("id", "date", "section", "likely", "or", "headline", "text")]
    for found in chosen:
        article = articles[found.position]
        rows.append(
            (
                article.id,
                article.date or "",
                "",
                found.section,
                found.rival,
                article.headline or "",
                article.text,
            )
        )
    with replacing(output) as beside:
        beside.write_text(as_csv(rows), "utf-8")
    typer.echo(
        f"{len(chosen)} of {len(articles)} articles in {output}; fill in the column section, then name the file in an [[also]]"
    )


def _sections_run(run: str, runs: Path) -> SectionsRun:
    from research.runs import SectionsRun, load

    trained = load(run, runs)
    if not isinstance(trained, SectionsRun):
        raise InputError(f'{run}: a themes run has no sections; give a run with task = "sections"')
    return trained


@app.command()
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
    """Say how far annotators agree: share, Cohen's kappa of each two, Krippendorff's alpha of all."""
    from research.articles.corpus import iter_corpus
    from research.sections.metrics import cohen_kappa, krippendorff_alpha

    if len(files) < 2:
        raise InputError("one file; give the files of two annotators or more")
    fields = fields_of(field or [], section="section")
    readings: list[dict[str, str]] = []
    titles: dict[str, str] = {}
    for path in files:
        labels: dict[str, str] = {}
        for article in iter_corpus(
            path, fields.model_copy(update={"date": ""}), require=["section"], sections=None
        ):
            if article.id in labels:
                raise InputError(
                    f"{path}: id {article.id!r} stands twice; give every article an id of its own"
                )
            labels[article.id] = article.section or ""
            titles.setdefault(article.id, article.headline or article.text[:40])
        readings.append(labels)
    rows = [["annotators", "articles", "same", "kappa"]]
    for (one, left), (other, right) in combinations(zip(files, readings, strict=True), 2):
        shared = [id_ for id_ in left if id_ in right]
        if not shared:
            raise InputError(
                f"{one} and {other} share no id; give files of the same articles, or name the field with --field id=KEY"
            )
        a, b = [left[id_] for id_ in shared], [right[id_] for id_ in shared]
        same = sum(x == y for x, y in zip(a, b, strict=True))
        rows.append(
            [
                f"{one} {other}",
                str(len(shared)),
                f"{same / len(shared):.3f}",
                f"{cohen_kappa(a, b):.3f}",
            ]
        )
    print_table(rows)
    alpha = krippendorff_alpha([[labels.get(id_) for id_ in titles] for labels in readings])
    apart = [
        id_ for id_ in titles if len({labels[id_] for labels in readings if id_ in labels}) > 1
    ]
    typer.echo(f"Krippendorff's alpha {alpha:.3f}; {len(apart)} articles were read differently")
    for id_ in apart[:show]:
        typer.echo(
            f"{id_}\t{' '.join(labels.get(id_, '–') for labels in readings)}\t{titles[id_][:40]}"
        )
