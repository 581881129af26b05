"""HTML inside texts: saved pages are all of it, and crawls leave tags, entities and escapes where a reader wants paragraphs."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_COMMENT = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_BREAKS = frozenset(
    {
        "p",
        "br",
        "div",
        "tr",
        "table",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "hr",
        "center",
        "section",
        "article",
    }
)
_UNSEEN = frozenset(
    {"script", "style", "head", "title", "map", "iframe", "noscript", "select", "button", "form"}
)
_INLINE = frozenset(
    {
        "a",
        "b",
        "em",
        "figure",
        "font",
        "i",
        "img",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "td",
        "th",
        "u",
        "video",
    }
)
_TAG = re.compile(
    rf"</?({'|'.join(sorted(_BREAKS | _UNSEEN | _INLINE))})(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_ENTITY = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|apos|[lr][sd]quo|[mn]dash|hellip|middot|bull|e[mn]sp|thinsp|times|#\d{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)
_ESCAPED = re.compile(
    r"\\[nrt](?![A-Za-z])"
)  # A backslash and a letter, as JSON written twice has it; C:\news is a path.
_LINE_BREAK = re.compile(r"[\r\n\t]+")


def without_markup(text: str) -> str:
    """Return a text without the tags and entities of HTML and without escaped line breaks, a line a paragraph; one that has none as it is.

    Only tags that articles are written with count: ``<人民日报>`` and ``a < b`` stay.
    """
    if "\\" in text and _ESCAPED.search(text):
        text = re.sub(r"\\[nrt]", "\n", text)
    tags = _tags(text)
    if not tags and "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
        tags = _tags(text)  # Some crawls escape what they save.
    if not tags:
        return text
    if tags.isdisjoint(_BREAKS):  # Its paragraphs are lines.
        return "\n".join("".join(paragraphs_of(line)) for line in text.split("\n"))
    return "\n".join(paragraphs_of(text))


def _tags(text: str) -> set[str]:
    return {tag.lower() for tag in _TAG.findall(text)} if "<" in text else set()


def paragraphs_of(markup: str) -> list[str]:
    """Return the paragraphs of HTML, as ``<p>``, ``<br>`` and their like part them; empty ones are left out."""
    pieces = [""]
    todo: list[LexborNode | None] = [LexborHTMLParser(_COMMENT.sub("", markup)).body]
    while todo:
        node = todo.pop()
        tag = (node.tag or "") if node else ""
        if node is None:  # The end of a paragraph.
            pieces.append("")
        elif tag == "-text":
            pieces[-1] += _LINE_BREAK.sub("", node.text_content or "")
        elif tag not in _UNSEEN and not tag.startswith("-"):
            if tag in _BREAKS:
                pieces.append("")
                todo.append(None)
            todo += reversed(list(node.iter(include_text=True)))
    return [piece for piece in pieces if piece.strip()]


def one_line(markup: str) -> str:
    """Return the text of HTML on one line: markup gone, a line break one space."""
    bare = re.sub(
        r"<[^>]*>",
        "",
        re.sub(r"<\s*br\s*/?\s*>", " ", _COMMENT.sub("", markup), flags=re.IGNORECASE),
    )
    return " ".join(html.unescape(bare).split())
