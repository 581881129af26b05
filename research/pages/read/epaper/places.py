"""Which page of an issue each article is on.

The page whose picture has the article; else the page that its own fields name; else a page that
links to it, and of several the one whose list links to articles that no other page links to: a box
on the front page (今日关注) links to what other pages have. Reads no file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from research.pages.read.epaper.form import ArticleFile, Link, ListedPage

_LABEL = re.compile(r"([A-Z]*)0*(\d+)")


@dataclass(slots=True)
class Places:
    """The pages of an issue, and the articles that each has.

    Parameters
    ----------
    order : the pages by key, in the issue's order.
    links : of each page that was read, to articles that were read.
    articles : by key.
    """

    order: Mapping[str, ListedPage]
    links: Mapping[str, list[Link]]
    articles: Mapping[str, ArticleFile]
    linking: dict[str, list[str]] = field(init=False)  # The pages that link to each article.

    def __post_init__(self) -> None:
        self.linking = {key: [] for key in self.articles}
        for page in self.order:
            for key in dict.fromkeys(link.key for link in self.links.get(page, ())):
                self.linking[key].append(page)

    def articles_by_page(self) -> dict[str, list[str]]:
        """Return the articles of each page by key, in the order of its links."""
        pages = {key: self._page_of(key) for key in self.articles}
        by_page: dict[str, list[str]] = {key: [] for key in self.order}
        for page in self.order:
            linked = dict.fromkeys(link.key for link in self.links.get(page, ()))
            rest = [key for key in pages if key not in linked]
            by_page[page] = [key for key in (*linked, *rest) if pages[key] == page]
        return by_page

    def _page_of(self, article: str) -> str | None:
        mapped = [page for page in self.linking[article] if self._has_in_map(page, article)]
        if len(mapped) == 1:
            return mapped[0]
        candidates = mapped or self.linking[article]
        named = self._named_by(article)
        agreeing = [page for page in candidates if page in named]
        if mapped:
            return (agreeing or mapped)[0]
        if len(named) == 1:
            return named[0]
        candidates = agreeing or candidates
        if not candidates:
            # A page whose file is missing: the first of those that have the name.
            unread = [page for page in named if page not in self.links]
            return unread[0] if unread else None
        if len(candidates) == 1:
            return candidates[0]
        return max(candidates, key=lambda page: self._likelihood(page, article))

    def _has_in_map(self, page: str, article: str) -> bool:
        return any(link.in_map and link.key == article for link in self.links[page])

    def _named_by(self, article: str) -> list[str]:
        """Return the pages that an article's own fields may mean."""
        file = self.articles[article]
        label, name = _plain_label(file.page_label), _plain(file.page_name)
        if label:
            pages = [key for key, page in self.order.items() if _plain_label(page.label) == label]
            if pages:
                return pages
        if not name:
            return []
        return [key for key, page in self.order.items() if _plain(page.name) == name]

    def _likelihood(self, page: str, article: str) -> tuple[float, int]:
        """Return how likely it is that a plain link on a page is from the page's own list."""
        links = self.links[page]
        groups = {link.group for link in links if link.key == article}
        shares = [self._share_of_sure(page, group) for group in groups]
        return max(shares), -len({link.key for link in links})

    def _share_of_sure(self, page: str, group: int) -> float:
        """Return the share of a list's articles that only this page has."""
        keys = {link.key for link in self.links[page] if link.group == group}
        counts = Counter(self._is_sure(page, key) for key in keys)
        return counts[True] / len(keys)

    def _is_sure(self, page: str, article: str) -> bool:
        linking = self.linking[article]
        return linking == [page] or self._has_in_map(page, article)


def _plain(name: str) -> str:
    return "".join(name.split())


def _plain_label(label: str) -> str:
    """Return a label without leading zeros: ``A03`` → ``A3``."""
    match = _LABEL.fullmatch(label.strip().upper())
    return match[1] + match[2] if match else ""
