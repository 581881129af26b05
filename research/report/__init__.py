"""A run → one self-contained HTML file. The same run gives the same bytes; nothing is asked of any address."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from research import __version__, runs
from research.config import SectionsExperiment
from research.files import read_text
from research.report import charts
from research.report.themes import themes_page

_MOST_ERRORS = 40


def render(folder: Path) -> str:
    """Return the report of the run in *folder* as HTML."""
    config = runs.read_resolved(folder)
    figures = runs.read_figures(folder)
    common: dict[str, Any] = {
        "config": config,
        "figures": figures,
        "config_text": read_text(folder / "config.toml").text,
        "inputs": json.loads((folder / "inputs.json").read_bytes()),
        "version": __version__,
    }
    if isinstance(config, SectionsExperiment):
        rows = runs.read_table(folder / "predictions.csv")
        wrong = [row for row in rows if row["section"] != row["predicted"]]
        suspects = runs.read_table(folder / "suspects.csv")[:_MOST_ERRORS]
        rules = runs.read_table(folder / "rules.csv")[:_MOST_ERRORS] if config.rules else []
        told = {
            "rules": rules,
            "wrong": wrong[:_MOST_ERRORS],
            "n_wrong": len(wrong),
            "suspects": suspects,
            "confusion": _confusion(figures),
        }
        return _page("sections.html.j2", common | told)
    script = (resources.files("research.report") / "themes.js").read_text("utf-8")
    return _page(
        "themes.html.j2",
        common
        | themes_page(folder, config, figures)
        | {"plotly": charts.script(), "notice": charts.notice(), "script": script},
    )


def _page(name: str, values: dict[str, Any]) -> str:
    environment = Environment(
        loader=PackageLoader("research.report", "."),
        autoescape=select_autoescape(["html.j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda value, digits=1: f"{100 * float(value):.{digits}f} %"
    return environment.get_template(name).render(values)


def _confusion(figures: dict[str, Any]) -> list[tuple[str, Sequence[tuple[int, float]]]]:
    """Return rows of (true section, [(count, share of the row), …])."""
    table = figures["confusion"]
    return [
        (name, [(n, n / max(1, sum(row))) for n in row])
        for name, row in zip(table["sections"], table["counts"], strict=True)
    ]
