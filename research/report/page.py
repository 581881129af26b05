"""The frame of a page: templates, their filters, and the texts of the catalogues.

Templates loop, format and test; what they show is computed before. A page holds every text in
both languages, and its style shows those of ``html[lang]``; the button that changes it is in
``page.js``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from research import __version__
from research.report.embedding import page_script, to_json
from research.report.formats import fixed, percent, points
from research.report.texts import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    Language,
    catalogue,
    text,
    values_in,
    wordings,
)

if TYPE_CHECKING:
    from research.runs import SectionsRun, ThemesRun

_HEADING = re.compile(r'<h2 id="([\w-]+)">(.*?)</h2>', re.DOTALL)
_LANGUAGE_CODES = {"zh": "zh-CN", "en": "en"}


class Entry(NamedTuple):
    """An entry of a page's table of contents: the id and the title of a heading."""

    id: str
    title: Markup


def fill_page(template: str, run: SectionsRun | ThemesRun, content: object) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    template
        The name of its template.
    run
        The run that the page shows.
    content
        What the template needs beside the run, as ``page``.
    """
    values = {"run": run, "config": run.config, "figures": run.figures, "page": content}
    return fill_template(template, run.config.language, **values)


def fill_template(template: str, language: Language | None, **values: object) -> str:
    """Return a page as HTML that opens in *language*; Chinese where that is None."""
    opened: Language = language or DEFAULT_LANGUAGE
    frame = {"language": opened, "language_code": _LANGUAGE_CODES[opened], "script": page_script()}
    frame["script_texts"] = _script_texts()
    return _environment().get_template(template).render(frame | values)


@cache
def _script_texts() -> Markup:
    """Return the texts that scripts show, by language and key, as JSON."""
    texts = {language: catalogue(language)["script"] for language in LANGUAGES}
    return Markup(to_json(texts))  # noqa: S704 - the package's own text


def contents(body: str) -> list[Entry]:
    """Return the headings of a page's body that have an id."""
    headings = _HEADING.findall(body)
    return [Entry(id, Markup(title)) for id, title in headings]  # noqa: A001, S704 - own markup


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("research.report", "."),
        autoescape=select_autoescape(["html.j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "points": points,
        "fixed": fixed,
        "worded": lambda wording: _spans(wording.of),
    }
    environment.globals |= {
        "version": __version__,
        "t": lambda key, **values: _spans(lambda language: _text(language, key, values)),
        "attribute": _attribute,
        "wordings": wordings,
        "contents": contents,
    }
    return environment


def _text(language: Language, key: str, values: dict[str, object]) -> Markup:
    """Return a text of the catalogue, which may have markup; values in it are escaped."""
    template = Markup(text(language, key))  # noqa: S704 - the package's own text
    return template.format(**values_in(language, values)) if values else template


def _spans(word: Callable[[Language], str]) -> Markup:
    """Return a text in each language, one span per language; the style of the page shows one."""
    texts = [word(language) for language in LANGUAGES]
    if len(set(texts)) == 1:
        return escape(texts[0])
    span = Markup('<span lang="{}">{}</span>')
    spans = [span.format(*pair) for pair in zip(LANGUAGES, texts, strict=True)]
    return Markup("").join(spans)


def _attribute(name: str, key: str, **values: object) -> Markup:
    """Return an attribute of an element in each language; ``page.js`` sets the one that is shown.

    The name ``text`` is for the text of an element that holds no markup, such as SVG's title.
    """
    attribute = Markup('data-{}-{}="{}"')
    attributes = [
        attribute.format(language, name, _text(language, key, values)) for language in LANGUAGES
    ]
    return Markup(" ").join(attributes)
