"""Identifiers of reasons → sentences, from one catalogue per language.

The catalogues are ``reasons.en.toml`` and ``reasons.zh.toml``. An identifier is what an
:class:`~research.articles.article.Article` and the learned weights hold; a sentence is what a
person reads. Nothing here judges or weighs a reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["en", "zh"]


def sentences(reasons: Iterable[str], language: Language = "en") -> tuple[str, ...]:
    """Return the sentence of every reason, in the same order.

    A reason without a sentence is returned as it is: articles that an earlier version wrote hold
    sentences, not identifiers.

    >>> sentences(("news_lead", "after_blank_line"))
    ('opens with a news lead', 'comes after a blank line')
    """
    sentence_of = catalogue(language)
    texts = []
    for reason in reasons:
        text = sentence_of.get(reason, reason)
        texts.append(text)
    return tuple(texts)


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Read every identifier's sentence in one language."""
    folder = resources.files("research.pages.split")
    file = folder / f"reasons.{language}.toml"
    text = file.read_text("utf-8")
    sentence_of: dict[str, str] = tomllib.loads(text)
    return sentence_of
