"""What the report's script draws, as JSON that may stand in a page, and plotly's own script, packed.

``plotly-basic.min.js`` is plotly.js 3.7.0 in its basic bundle (MIT; npm: plotly.js-basic-dist-min), as it was published: with all kinds of
charts it is four times as large, and a browser takes a second longer to open every report.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

_CLEAR = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}


@cache
def script() -> str:
    """Return plotly's own JavaScript, packed to stand inside the report."""
    return packed((resources.files("research.report") / "plotly-basic.min.js").read_text("utf-8"))


def notice() -> str:
    """Return plotly's licence, which every copy of its script goes with."""
    return (resources.files("research.report") / "plotly-LICENSE.txt").read_text("utf-8")


def packed(text: str) -> str:
    """Return text as deflate in base64, which a browser's ``DecompressionStream("deflate-raw")`` unpacks."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(deflate.compress(text.encode()) + deflate.flush()).decode()


def as_json(value: Any) -> str:
    """Return JSON that may stand in an HTML script: it holds no ``<``."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def choice(rows: Sequence[dict[str, float]], chosen: int) -> dict[str, Any]:
    """Return perplexity, coherence and stability against the number of topics, one above the other, for ``Plotly.react``."""
    drawn = (
        ("perplexity", "困惑度 perplexity", [0.7, 1]),
        ("coherence_npmi", "连贯度 NPMI", [0.36, 0.64]),
        ("stability", "稳定度 stability", [0, 0.3]),
    )
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        "margin": {"l": 72, "r": 12, "t": 12, "b": 44},
        "height": 520,
        "showlegend": False,
    }
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
    layout["xaxis"] = {
        "title": {"text": "主题数 number of topics"},
        "tickvals": [row["n_topics"] for row in rows],
        "anchor": "y3",
    }
    return {"data": traces, "layout": layout | _CLEAR}
