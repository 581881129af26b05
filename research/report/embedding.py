"""Data and scripts inside an HTML page: as JSON, or packed as deflate in base64."""

from __future__ import annotations

import base64
import json
import zlib
from functools import cache
from importlib import resources

_BEST_COMPRESSION = 9
_RAW_DEFLATE = -15  # zlib's code for deflate without a header, window of 32 kB.


@cache
def plotly() -> str:
    """Return plotly's JavaScript, packed.

    It is plotly.js 3.7.0 in its basic bundle (MIT; npm: plotly.js-basic-dist-min), as published:
    with all kinds of charts it is four times as large, and a browser takes a second longer to open
    every report.
    """
    return pack(_file("plotly-basic.min.js"))


def plotly_notice() -> str:
    """Return plotly's licence, which goes with every copy of its script."""
    return _file("plotly-LICENSE.txt")


def page_script() -> str:
    """Return the script of every page."""
    return _file("page.js")


def themes_script() -> str:
    """Return the script that draws the page of a themes run."""
    return _file("compared.js") + _file("themes.js")


def pack(text: str) -> str:
    """Return text as a browser's ``DecompressionStream("deflate-raw")`` unpacks it, in base64."""
    deflate = zlib.compressobj(_BEST_COMPRESSION, zlib.DEFLATED, _RAW_DEFLATE)
    packed = deflate.compress(text.encode())
    packed += deflate.flush()
    return base64.b64encode(packed).decode()


def to_json(value: object) -> str:
    """Return JSON that may stand in an HTML script: it holds no ``<``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _file(name: str) -> str:
    folder = resources.files("research.report")
    return (folder / name).read_text("utf-8")
