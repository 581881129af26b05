"""The frame of a page: templates, their filters, and the texts of the catalogues.

Templates loop, format and test; what they show is computed before.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from research import __version__
from research.report.formats import fixed, percent, points
from research.report.texts import LANGUAGES, Language, names, text

if TYPE_CHECKING:
    from research.runs import SectionsRun, ThemesRun


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
    return _environment().get_template(template).render(values)


def fill_template(template: str, **values: object) -> str:
    """Return a page that shows no single run, as HTML."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("research.report", "."),
        autoescape=select_autoescape(["html.j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "points": points, "fixed": fixed}
    environment.globals |= {
        "version": __version__,
        "zh": lambda key, **values: _text("zh", key, **values),
        "en": lambda key, **values: _text("en", key, **values),
        "both": _both,
        "names": names,
    }
    return environment


def _text(language: Language, key: str, **values: object) -> Markup:
    """Return a text of the catalogue, which may have markup; values in it are escaped."""
    template = Markup(text(language, key))  # noqa: S704 - the package's own text
    return template.format(**values) if values else template


def _both(key: str, separator: str = " · ", **values: object) -> Markup:
    """Return the Chinese and the English text."""
    texts = [_text(language, key, **values) for language in LANGUAGES]
    return Markup(separator).join(texts)  # noqa: S704 - the templates' own text
