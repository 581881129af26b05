"""Characters that no reader sees and no word has: halves of pairs, NULs, zero widths, private use.

They are taken out where a corpus is read, and counted. What GB 18030 once kept in private use
becomes the character that it stands for.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from research.articles.article import Article

# GB 18030-2000 put these in private use; Unicode has them since 4.1 (GB 18030-2022, annex).
_FORMERLY_PRIVATE = dict(
    zip(
        range(0xE78D, 0xE797),
        "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19",
        strict=True,
    )
)
_FORMERLY_PRIVATE |= {0xE5E5: "\u3000", 0xE7C7: "\u1e3f", 0xE7C8: "\u01f9"}
_FORMERLY_PRIVATE |= {0xE81E: "\u9fb4", 0xE826: "\u9fb5", 0xE82B: "\u9fb6", 0xE82C: "\u9fb7"}
_FORMERLY_PRIVATE |= {0xE832: "\u9fb8", 0xE843: "\u9fb9", 0xE854: "\u9fba", 0xE864: "\u9fbb"}

_CONTROLS = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # NUL among them
_ZERO_WIDTH = r"\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_FILLERS = r"\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_SELECTORS = r"\ufe00-\ufe0f\ufff0-\ufffb\U000e0000-\U000e0fff"
_SURROGATES = r"\ud800-\udfff"
_PRIVATE_USE = r"\ue000-\uf8ff\U000f0000-\U0010ffff"
_NO_CHARACTERS = r"\ufdd0-\ufdef\ufffe\uffff"
_INVISIBLE = re.compile(
    f"[{_CONTROLS}{_ZERO_WIDTH}{_FILLERS}{_SELECTORS}{_SURROGATES}{_PRIVATE_USE}{_NO_CHARACTERS}]"
)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Healed(NamedTuple):
    """A text, and how many characters were taken out of it or replaced."""

    text: str
    number: int


def heal(text: str) -> Healed:
    """Return a text without characters that cannot be read.

    >>> heal("水\\u200b库\\ud83d加\\u00ad固\\0")
    Healed(text='水库加固', number=4)
    """
    if text.isascii() and text.isprintable():
        return Healed(text, 0)
    if _PAIR.search(text):
        text = _PAIR.sub(_joined, text)
    text, number = _INVISIBLE.subn(_visible, text)
    return Healed(text, number)


class HealedArticle(NamedTuple):
    """An article, and how many characters were taken out of its texts or replaced."""

    article: Article
    number: int


def healed_article(article: Article) -> HealedArticle:
    """Return an article without characters that cannot be read in its titles, byline and text."""
    titles = (article.headline, article.intro_title, article.subtitle, article.byline)
    headline, intro_title, subtitle, byline = healed = list(map(heal, titles))
    paragraphs = list(map(heal, article.paragraphs))
    number = sum(text.number for text in (*healed, *paragraphs))
    if not number:
        return HealedArticle(article, 0)
    without = replace(
        article,
        headline=headline.text,
        intro_title=intro_title.text,
        subtitle=subtitle.text,
        byline=byline.text,
        paragraphs=tuple(text.text for text in paragraphs if text.text.strip()),
    )
    return HealedArticle(without, number)


def _joined(match: re.Match[str]) -> str:
    """Return the character of which both halves stand side by side, as some programs write it."""
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _visible(match: re.Match[str]) -> str:
    return _FORMERLY_PRIVATE.get(ord(match[0]), "")
