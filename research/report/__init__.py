"""Reports: a run → one self-contained HTML file, and figures for print.

The same run gives the same bytes; a report loads nothing from any address. Nothing here computes a
statistic or knows a file of a run: it takes the run object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from research.runs import SectionsRun, ThemesRun


def render(run: SectionsRun | ThemesRun) -> str:
    """Return the report of a run as HTML."""
    from research.report.page import fill_page
    from research.report.sections import sections_page
    from research.report.themes import themes_page
    from research.runs import SectionsRun

    if isinstance(run, SectionsRun):
        return fill_page("sections.html.j2", run, sections_page(run))
    return fill_page("themes.html.j2", run, themes_page(run))
