"""Real articles that a page could hold; skips, saying so, where the shared data are absent."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import islice
from zlib import crc32

from experiments.benchmarks.shared_data import require_shared
from research import Article, Fields, iter_corpus

BROADCASTS, DAILY = DATA_FILES = ("xwlb.jsonl.gz", "rmrb-1998.jsonl.gz")
_BROADCASTS_PER_MEASURED_ONE = 12  # All are learned from; so many fewer are enough to measure on.
_MIN_PARAGRAPH_CHARACTERS = 13
_PARAGRAPHS = range(2, 15)
_HEADLINE_CHARACTERS = range(8, 35)
# Leads and credits that are the source's own: pages get theirs from the layout program.
_LEADS = ("（", "(", "【", "据", "新华社", "本报", "央视网", "本台")
_UNUSUAL_HEADLINE = re.compile(r"[。（【(]|快讯")


def sources(learning: bool = False) -> list[Article]:
    """Return articles in a fixed order: to measure on, or (*learning*) others to learn from."""
    shared = require_shared()
    fields = Fields(headline="title", section="")
    step = 1 if learning else _BROADCASTS_PER_MEASURED_ONE
    broadcasts = islice(iter_corpus(shared / BROADCASTS, fields), 0, None, step)
    articles = []
    for article in (*broadcasts, *iter_corpus(shared / DAILY, fields)):
        plain = replace(article, paragraphs=tuple(filter(_is_plain, article.paragraphs)))
        if _is_for_learning(article) == learning and _fits_a_page(plain):
            articles.append(plain)
    random.Random(0).shuffle(articles)
    return articles


def _is_for_learning(article: Article) -> bool:
    return crc32(article.headline.encode()) % 2 == 1


def _is_plain(paragraph: str) -> bool:
    """Return whether a paragraph ends a sentence and opens without a lead."""
    if len(paragraph) < _MIN_PARAGRAPH_CHARACTERS or paragraph[-1] not in "。！？”":
        return False
    return not paragraph.startswith(_LEADS)


def _fits_a_page(article: Article) -> bool:
    headline = article.headline
    if len(article.paragraphs) not in _PARAGRAPHS or len(headline) not in _HEADLINE_CHARACTERS:
        return False
    return not _UNUSUAL_HEADLINE.search(headline)
