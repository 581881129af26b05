"""HTML inside texts → paragraphs.

Saved pages are HTML as a whole; crawls leave tags, entities and escapes in texts. Does not fetch
anything.
"""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

# fmt: off
_PARAGRAPH_TAGS = frozenset((
    "article", "blockquote", "br", "center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "section", "table", "tr", "ul",
))
_HIDDEN_TAGS = frozenset((
    "button", "form", "head", "iframe", "map", "noscript", "script", "select", "style", "title",
))
_INLINE_TAGS = frozenset((
    "a", "b", "em", "figure", "font", "i", "img", "small", "span", "strong", "sub", "sup", "td",
    "th", "u", "video",
))
# fmt: on
_TAG_NAMES = "|".join(sorted(_PARAGRAPH_TAGS | _HIDDEN_TAGS | _INLINE_TAGS))
_TAG = re.compile(rf"</?({_TAG_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]*>")
_BREAK_TAG = re.compile(r"<\s{0,8}br\s{0,8}/?\s{0,8}>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_ENTITY = re.compile(
    r"""
    &(?: nbsp | e[mn]sp | thinsp                        # spaces
       | amp | lt | gt | times | hellip | middot | bull
       | quot | apos | [lr][sd]quo | [mn]dash
       | \#\d{1,7} | \#x[0-9a-f]{1,6}                    # numbers of characters
     );
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A backslash and a letter, as JSON written twice has it; C:\news is a path.
_ESCAPED_BREAK = re.compile(r"\\[nrt](?![A-Za-z])")
_LINE_BREAK = re.compile(r"[\r\n\t]+")


def without_markup(text: str) -> str:
    """Return a text without tags, entities and escaped line breaks of HTML, one line per paragraph.

    Only tags that articles are written with count: ``<人民日报>`` and ``a < b`` stay. A text that
    has none of them is returned as it is.
    """
    if "\\" in text and _ESCAPED_BREAK.search(text):
        text = re.sub(r"\\[nrt]", "\n", text)
    tags = _tags(text)
    if not tags and "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
        tags = _tags(text)  # Some crawls escape what they save.
    if not tags:
        return text
    if tags.isdisjoint(_PARAGRAPH_TAGS):  # Its paragraphs are lines.
        return "\n".join("".join(paragraphs_of(line)) for line in text.split("\n"))
    return "\n".join(paragraphs_of(text))


def _tags(text: str) -> set[str]:
    if "<" not in text:
        return set()
    return {tag.lower() for tag in _TAG.findall(text)}


def paragraphs_of(markup: str) -> list[str]:
    """Return the paragraphs of HTML, separated by ``<p>``, ``<br>`` and similar tags.

    Empty paragraphs are left out, and so is what a browser does not show.
    """
    tree = LexborHTMLParser(_without_comments(markup))
    paragraphs = [""]
    # Not recursive: crawled markup may be thousands of tags deep. None ends a paragraph.
    todo: list[LexborNode | None] = [tree.body]
    while todo:
        node = todo.pop()
        if node is None:
            paragraphs.append("")
            continue
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            paragraphs[-1] += _LINE_BREAK.sub("", text)
            continue
        if tag in _HIDDEN_TAGS or tag.startswith("-"):
            continue
        if tag in _PARAGRAPH_TAGS:
            paragraphs.append("")
            todo.append(None)
        children = list(node.iter(include_text=True))
        todo += reversed(children)
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


def one_line(markup: str) -> str:
    """Return the text of HTML on one line: markup removed, each line break one space."""
    text = _without_comments(markup)
    text = _BREAK_TAG.sub(" ", text)
    last = text.rfind(">") + 1  # Beyond it no tag ends, and each search for one would fail slowly.
    text = _ANY_TAG.sub("", text[:last]) + text[last:]
    return " ".join(html.unescape(text).split())


def _without_comments(markup: str) -> str:
    """Return HTML without comments; one without an end stays, with all that follows."""
    pieces = []
    place = 0
    begin = markup.find("<!--")
    while begin >= 0:
        end = markup.find("-->", begin + len("<!--"))
        if end < 0:
            break
        pieces.append(markup[place:begin])
        place = end + len("-->")
        begin = markup.find("<!--", place)
    pieces.append(markup[place:])
    return "".join(_CDATA.sub("", piece) for piece in pieces)
