"""Saved HTML files of any e-paper: their text, the names of files in links, boxes of image maps."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from research.articles.article import Box, around
from research.errors import InputError
from research.files import decode

_MAX_BYTES_PER_FILE = 8_000_000
_BYTES_WITH_LABEL = 4096  # HTML names its encoding near the top.
_LABELLED_ENCODING = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LENGTH = re.compile(r"\d+(?:\.\d+)?")


def read_html(path: Path) -> str:
    """Return the text of a saved HTML file; raise InputError where it is empty or too large."""
    size = path.stat().st_size
    if size > _MAX_BYTES_PER_FILE:
        raise InputError(
            f"{path}: {size:,} bytes is no e-paper page (at most {_MAX_BYTES_PER_FILE:,})"
        )
    raw = path.read_bytes()
    if not raw.strip():
        raise InputError(f"{path}: empty; save it again")
    return _decode(raw, str(path))


def _decode(raw: bytes, source: str) -> str:
    """Decode a file; where its bytes do not show its encoding, by the one that it names itself."""
    try:
        return decode(raw, source).text
    except InputError:
        label = _LABELLED_ENCODING.search(raw[:_BYTES_WITH_LABEL])
        if label is None:
            raise
        encoding = label[1].decode("ascii").lower()
        if encoding.startswith("gb"):
            encoding = "gb18030"  # Which holds all that gb2312 and gbk do.
        return decode(raw, source, encoding).text


def linked_file(link: str) -> str:
    """Return the name of the file that a link, absolute or relative, leads to; "" where none."""
    try:
        path = urlsplit(link.strip().replace("\\", "/")).path
    except ValueError:
        return ""
    return PurePosixPath(unquote(path)).name


def area_box(coordinates: str) -> Box | None:
    """Return the box around the points of an image-map area, two numbers per point."""
    numbers = [float(number) for number in _NUMBER.findall(coordinates)]
    if len(numbers) < 4:
        return None
    across, down = numbers[0::2], numbers[1::2]
    return min(across), min(down), max(across), max(down)


def map_extent(tree: LexborHTMLParser, boxes: list[Box]) -> Box | None:
    """Return the extent of a page's image map: the image's size, else the box around all areas."""
    for image in tree.css("img[usemap]"):
        width = _LENGTH.match(image.attributes.get("width") or "")
        height = _LENGTH.match(image.attributes.get("height") or "")
        if width and height:
            return 0.0, 0.0, float(width[0]), float(height[0])
    return around(boxes) if boxes else None
