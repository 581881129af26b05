"""Saved HTML files of any e-paper: their text, its elements, the boxes of image maps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from re import Pattern

from selectolax.lexbor import LexborHTMLParser

from research.articles.article import Box, around
from research.articles.html import one_line
from research.errors import InputError
from research.files import decode

_MAX_BYTES_PER_FILE = 8_000_000
_BYTES_WITH_LABEL = 4096  # HTML names its encoding near the top.
_LABELLED_ENCODING = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_TAG = re.compile(
    r"<(/?)(div|span|table|ul|ol|dl|font|b|i|u|em|strong|center|section)\b", re.IGNORECASE
)
_MAX_DEPTH = 4_000  # Open tags: a parser takes quadratic time in them, and browsers allow 512.
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
    text = _decode(raw, str(path))
    depth = _max_depth(text)
    if depth > _MAX_DEPTH:
        raise InputError(
            f"{path}: {depth:,} tags are open at once (at most {_MAX_DEPTH:,}); save it again"
        )
    return text


def _max_depth(text: str) -> int:
    """Return how many tags are open at once at most."""
    depth = deepest = 0
    for tag in _TAG.finditer(text):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(depth, deepest)
    return deepest


def _decode(raw: bytes, source: str) -> str:
    """Decode a file; where its bytes do not show its encoding, by the one that it names itself."""
    try:
        return decode(raw, source, few_nuls=True).text.replace("\0", "")
    except InputError:
        label = _LABELLED_ENCODING.search(raw[:_BYTES_WITH_LABEL])
        if label is None:
            raise
        encoding = label[1].decode("ascii").lower()
        if encoding.startswith("gb"):
            encoding = "gb18030"  # Which holds all that gb2312 and gbk do.
        return decode(raw, source, encoding, few_nuls=True).text.replace("\0", "")


def between(text: str, begin: Pattern[str], end: Pattern[str]) -> str:
    """Return what is between the first *begin* and the next *end*, "" where either is missing.

    One search for each: a lazy pattern would scan a damaged file once for every beginning.
    """
    opened = begin.search(text)
    if opened is None:
        return ""
    closed = end.search(text, opened.end())
    return text[opened.end() : closed.start()] if closed else ""


@cache
def _tags_of(name: str) -> tuple[Pattern[str], Pattern[str]]:
    begin = re.compile(rf"<{name}\b[^<>]*>", re.IGNORECASE)
    end = re.compile(rf"</{name}\s{{0,8}}>", re.IGNORECASE)
    return begin, end


def element(markup: str, tag: str) -> str:
    """Return what is in the first element with a tag, "" where there is none.

    Not by a parser: what is in a comment is no element to it.
    """
    begin, end = _tags_of(tag)
    return between(markup, begin, end)


def without_comments(text: str) -> tuple[str, str]:
    """Return a text without its comments, and the comments; one that is not closed ends it."""
    shown, hidden = [], []
    position = 0
    while (begin := text.find("<!--", position)) >= 0:
        shown.append(text[position:begin])
        end = text.find("-->", begin + 4)
        position = len(text) if end < 0 else end + 3
        hidden.append(text[begin + 4 : position - 3])
    shown.append(text[position:])
    return "".join(shown), "\n".join(hidden)


def text_at(tree: LexborHTMLParser, places: Iterable[str]) -> str:
    """Return the text at the first of some places (selectors) that has any, on one line."""
    for place in places:
        node = tree.css_first(place)
        text = one_line(node.html or "") if node else ""
        if text:
            return text
    return ""


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
