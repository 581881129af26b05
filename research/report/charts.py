"""Charts of the report (plotly, its script taken from the installed package)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


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
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }
    return json.dumps({"data": traces, "layout": layout}, ensure_ascii=False).replace("<", "\\u003c")
