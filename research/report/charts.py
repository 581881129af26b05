"""Charts of the report (plotly, its script taken from the installed package)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

_CLEAR = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}


def script() -> str:
    """Return plotly's own JavaScript, to stand inside the report."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def shares_over_time(rows: Sequence[dict[str, str]], names: Sequence[str]) -> str:
    """Return a curve per topic as JSON for ``Plotly.newPlot``; a period without documents is a gap.

    *rows* are those of ``shares.csv``. The JSON may stand in an HTML script: it holds no ``<``.
    """
    periods = [row["period"] for row in rows]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": periods,
            "y": [float(row[f"topic_{k}"]) if row[f"topic_{k}"] else None for row in rows],
            "connectgaps": False,
            "line": {"width": 2},
            "marker": {"size": 4},
            "visible": True if k < 6 else "legendonly",
            "hovertemplate": "%{x|%Y-%m} · %{y:.1%}<extra>%{fullData.name}</extra>",
        }
        for k, name in enumerate(names)
    ]
    traces.append(
        {
            "type": "bar",
            "name": "报道篇数",
            "x": periods,
            "y": [int(row["documents"]) for row in rows],
            "yaxis": "y2",
            "marker": {"color": "#9aa5b1"},
            "hovertemplate": "%{x|%Y-%m} · %{y} 篇<extra></extra>",
            "showlegend": False,
        }
    )
    layout = {
        "margin": {"l": 56, "r": 12, "t": 12, "b": 40},
        "hovermode": "closest",
        "yaxis": {"domain": [0.28, 1], "tickformat": ".0%", "rangemode": "tozero", "title": {"text": "主题占比"}},
        "yaxis2": {"domain": [0, 0.2], "title": {"text": "篇数"}},
        "xaxis": {"type": "category" if periods and len(periods[0]) == 4 else "date", "tickformat": "%Y-%m", "anchor": "y2"},
        "legend": {"orientation": "h", "y": -0.12, "yanchor": "top"},
        "height": 640,
        **_CLEAR,
    }
    return _as_json(traces, layout)


def choice(rows: Sequence[dict[str, float]], chosen: int) -> str:
    """Return perplexity, coherence and stability against the number of topics, one above the other, as JSON."""
    drawn = (("perplexity", "困惑度 perplexity", [0.7, 1]), ("coherence_npmi", "连贯度 NPMI", [0.36, 0.64]), ("stability", "稳定度 stability", [0, 0.3]))
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {"margin": {"l": 72, "r": 12, "t": 12, "b": 44}, "height": 520, "showlegend": False}
    for n, (key, title, domain) in enumerate(drawn, 1):
        axis = "y" if n == 1 else f"y{n}"
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [row["n_topics"] for row in rows],
                "y": [row[key] for row in rows],
                "yaxis": axis,
                "marker": {"size": [13 if row["n_topics"] == chosen else 7 for row in rows]},
                "hovertemplate": "%{x} · %{y}<extra>" + title + "</extra>",
            }
        )
        layout[f"yaxis{n if n > 1 else ''}"] = {"domain": domain, "title": {"text": title}}
    layout["xaxis"] = {"title": {"text": "主题数 number of topics"}, "tickvals": [row["n_topics"] for row in rows], "anchor": "y3"}
    return _as_json(traces, layout | _CLEAR)


def _as_json(traces: Sequence[dict[str, Any]], layout: dict[str, Any]) -> str:
    return json.dumps({"data": traces, "layout": layout}, ensure_ascii=False).replace("<", "\\u003c")
