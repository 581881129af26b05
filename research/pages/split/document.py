"""A document whose text runs on over pages: its source lines, its pages, and doubts.

The splitter learned from pages that are made up one by one. Where a document gives a reading no
support (no headline set apart, no sentence ended, no source line), an article is less sure than the
model says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from research.articles.article import Article
from research.articles.dates import day_in_text
from research.pages.marks.source_lines import SOURCE_LINE
from research.pages.read.page import Page, PageStart
from research.pages.split.asides import AsideReason
from research.pages.split.lines import Line

_MIN_SOURCE_LINES = 2
_SENTENCE_ENDS = tuple("。！？…”’」』》）)】.!?")
_NEVER_FIRST = tuple("，。、；：！？）》”’」』】")
# The most that an article's confidence can be.
_WITHOUT_SUPPORT = 0.85
_WITHOUT_HEADLINE = 0.5
_UNFINISHED = 0.6
_BEGUN_WITHIN = 0.3


class Document:
    """What is known of a page that is a document's pages joined; nothing of any other page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def source_lines(self) -> dict[int, tuple[str, str]]:
        """The day and the page that each source line names, by number; {} where they are few."""
        if not self.page.starts:
            return {}
        named = {}
        for number, line in enumerate(self.page.lines, 1):
            match = SOURCE_LINE.fullmatch(line.strip())
            if match and number not in self.page.running:
                named[number] = (match[1], match[2].upper())
        return named if len(named) >= _MIN_SOURCE_LINES else {}

    @cached_property
    def taken_out(self) -> dict[int, AsideReason]:
        """The lines that are none of an article, by number."""
        reasons: dict[int, AsideReason] = dict.fromkeys(self.page.running, "running head")
        reasons.update(dict.fromkeys(self.source_lines, "source line"))
        return reasons

    @cached_property
    def closes(self) -> bool:
        """Whether a source line ends its article, rather than standing under the headline."""
        last = max(self.source_lines, default=0)
        following = self.page.lines[last:]
        running = self.page.running
        return not any(
            line.strip() and number not in running
            for number, line in enumerate(following, last + 1)
        )

    def begins(self, lines: Sequence[Line]) -> set[int]:
        """Return the numbers of the lines with which articles surely begin."""
        if not self.source_lines or not self.closes:
            return set()
        numbers = [line.number for line in lines]
        begins = set()
        for source in self.source_lines:
            following = bisect_right(numbers, source)
            if following < len(numbers):
                begins.add(numbers[following])
        return begins

    def cut_at_pages(self, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Cut ranges of lines where a page begins, so that each is on one page."""
        first_lines = [start.line for start in self.page.starts]
        cut = []
        for first, last in spans:
            inside = [line for line in first_lines if first < line <= last]
            edges = [first, *inside, last + 1]
            cut += [(begin, end - 1) for begin, end in pairwise(edges)]
        return tuple(cut)

    def placed(self, article: Article) -> Article:
        """Return an article with its pages, its day, and a confidence that knows doubt."""
        if not self.page.starts:
            return article
        starts = [self._start_of(first) for first, _ in article.lines]
        names = tuple(start.name for start in starts)
        source = self._source_of(article)
        if source is not None:
            names = (f"{source[1]}版",) * len(starts)
        date = day_in_text("".join(source[0].split())) if source else None
        confidence = article.confidence or 0.0
        return replace(
            article,
            date=date or starts[0].date or article.date,
            pages=tuple(start.number for start in starts),
            page_names=names if any(names) else (),
            confidence=min(confidence, self._most(article, source is not None)),
        )

    def _start_of(self, line: int) -> PageStart:
        first_lines = [start.line for start in self.page.starts]
        return self.page.starts[bisect_right(first_lines, line) - 1]

    def _source_of(self, article: Article) -> tuple[str, str] | None:
        """Return what an article's source line names: the first from its beginning on."""
        first = article.lines[0][0]
        last = article.lines[-1][1]
        later = [number for number in self.source_lines if number > first]
        if not later:
            return None
        nearest = min(later)
        between = self.page.lines[last : nearest - 1]
        running = self.page.running
        is_next = not any(
            line.strip() and number not in running for number, line in enumerate(between, last + 1)
        )
        return self.source_lines[nearest] if nearest < last or is_next else None

    def _most(self, article: Article, has_source: bool) -> float:
        """Return the most that the confidence in an article can be."""
        most = 1.0
        has_support = bool(self.page.sizes) or has_source
        if not has_support:
            most = _WITHOUT_SUPPORT
        if not article.headline:
            most = min(most, _WITHOUT_HEADLINE)
        text = article.text
        if not text.endswith(_SENTENCE_ENDS):
            most = min(most, _UNFINISHED)
        if text.startswith(_NEVER_FIRST):
            most = min(most, _BEGUN_WITHIN)
        return most
