"""The chart of how many topics to choose, as ``Plotly.react`` draws it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from research.report.texts import LANGUAGES, Language, Wording, text, wording

if TYPE_CHECKING:
    from research.runs.figures import ChoiceFigures, ChoiceRow

# Figures from top to bottom, each with the part of the chart's height that it takes.
_PANELS = (
    ("perplexity", (0.7, 1)),
    ("coherence_npmi", (0.36, 0.64)),
    ("stability", (0, 0.3)),
)
_HEIGHT_PIXELS = 520
_MARGIN_PIXELS = {"l": 72, "r": 12, "t": 12, "b": 44}
_MARKER_PIXELS = 7
_CHOSEN_MARKER_PIXELS = 13
_TRANSPARENT = "rgba(0,0,0,0)"


def choice_charts(choice: ChoiceFigures, chosen: int) -> dict[Language, dict[str, Any]]:
    """Return perplexity, coherence and stability by the number of topics, one above the other.

    *chosen* is the number of topics that was chosen; its markers are larger. The chart of each
    language differs in titles only.
    """
    return {language: _chart(choice, chosen, language) for language in LANGUAGES}


def choice_reason(choice: ChoiceFigures, chosen: int) -> Wording:
    """Return why a number of topics was chosen, with its figures beside those of the others."""
    best = next((row for row in choice.rows if row.n_topics == chosen), None)
    if best is None:
        return Wording(choice.reason, choice.reason)
    values: dict[str, str] = {}
    for figure, _ in _PANELS:
        form = ".0f" if figure == "perplexity" else ".2f"
        tried = [getattr(row, figure) for row in choice.rows]
        values[figure] = format(getattr(best, figure), form)
        values[f"{figure}_range"] = f"{min(tried):{form}} – {max(tried):{form}}"
    return wording("choice.reason", n_topics=chosen, tried=len(choice.rows), **values)


def _chart(choice: ChoiceFigures, chosen: int, language: Language) -> dict[str, Any]:
    traces = []
    axes = {}
    for number, (figure, domain) in enumerate(_PANELS, 1):
        suffix = "" if number == 1 else str(number)
        title = text(language, f"choice.{figure}")
        traces.append(_trace(choice.rows, figure, title, f"y{suffix}", chosen))
        axes[f"yaxis{suffix}"] = {"domain": domain, "title": {"text": title}}
    return {"data": traces, "layout": _layout(choice.rows, axes, text(language, "choice.n_topics"))}


def _trace(
    rows: Sequence[ChoiceRow], figure: str, title: str, axis: str, chosen: int
) -> dict[str, Any]:
    sizes = [_CHOSEN_MARKER_PIXELS if row.n_topics == chosen else _MARKER_PIXELS for row in rows]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [row.n_topics for row in rows],
        "y": [getattr(row, figure) for row in rows],
        "yaxis": axis,
        "marker": {"size": sizes},
        "hovertemplate": "%{x} · %{y}<extra>" + title + "</extra>",
    }


def _layout(rows: Sequence[ChoiceRow], y_axes: dict[str, Any], title: str) -> dict[str, Any]:
    x_axis = {
        "title": {"text": title},
        "tickvals": [row.n_topics for row in rows],
        "anchor": f"y{len(_PANELS)}",
    }
    frame = {"margin": _MARGIN_PIXELS, "height": _HEIGHT_PIXELS, "showlegend": False}
    colours = {"paper_bgcolor": _TRANSPARENT, "plot_bgcolor": _TRANSPARENT}
    return {**frame, **y_axes, "xaxis": x_axis, **colours}
