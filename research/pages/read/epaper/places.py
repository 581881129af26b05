"""Which page of an issue each article is on.

The page whose picture has the article; else the page that its own fields name; else a page that
links to it, and of several the one whose list links to articles that no other page links to: a box
on the front page (今日关注) links to what other pages have. Reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from research.pages.read.epaper.form import ArticleFile, Link, ListedPage

_LABEL = re.compile(r"([A-Z]*+)0*(\d{1,12})")


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
            for key in self._linked(page):
                self.linking[key].append(page)

    def articles_by_page(self) -> dict[str, list[str]]:
        """Return the articles of each page by key, in the order of its links."""
        members: dict[str, set[str]] = {page: set() for page in self.order}
        for article in self.articles:
            page = self._page_of(article)
            if page is not None:
                members[page].add(article)
        by_page = {}
        for page, articles in members.items():
            in_order = dict.fromkeys([*self._linked(page), *self.articles])
            by_page[page] = [article for article in in_order if article in articles]
        return by_page

    def _linked(self, page: str) -> list[str]:
        """Return the articles that a page links to, each once."""
        keys = [link.key for link in self.links.get(page, ())]
        return list(dict.fromkeys(keys))

    def _page_of(self, article: str) -> str | None:
        linking = self.linking[article]
        named = self._named_by(article)
        mapped = [page for page in linking if self._has_in_map(page, article)]
        if mapped:
            agreeing = [page for page in mapped if page in named]
            candidates = agreeing or mapped
            return candidates[0]
        if len(named) == 1:
            return named[0]
        if not named and self._names_no_page_of(article):
            return None  # Only a box on another page links to it.
        agreeing = [page for page in linking if page in named]
        candidates = agreeing or linking
        if candidates:
            return max(candidates, key=lambda page: self._likelihood(page, article))
        # A page whose file is missing: the first of those that have the name.
        unread = [page for page in named if page not in self.links]
        return unread[0] if unread else None

    def _names_no_page_of(self, article: str) -> bool:
        """Return whether an article names a page by a number that no page of the issue has."""
        label = _plain_label(self.articles[article].page_label)
        labels = [_plain_label(page.label) for page in self.order.values()]
        if not label or "" in labels:
            return False
        # An article may leave out the letter of its page, or the pages all of theirs.
        numbers = [_digits(other) for other in labels]
        return _digits(label) not in numbers

    def _has_in_map(self, page: str, article: str) -> bool:
        return any(link.in_map and link.key == article for link in self.links[page])

    def _named_by(self, article: str) -> list[str]:
        """Return the pages that an article's own fields may mean."""
        file = self.articles[article]
        label = _plain_label(file.page_label)
        name = _plain(file.page_name)
        with_label = []
        with_name = []
        for key, page in self.order.items():
            if label and _plain_label(page.label) == label:
                with_label.append(key)
            if name and _plain(page.name) == name:
                with_name.append(key)
        return with_label or with_name

    def _likelihood(self, page: str, article: str) -> tuple[float, int]:
        """Return how likely it is that a plain link on a page is from the page's own list."""
        links = self.links[page]
        groups = {link.group for link in links if link.key == article}
        largest = max(self._share_of_sure(page, group) for group in groups)
        n_articles = len(self._linked(page))
        return largest, -n_articles

    def _share_of_sure(self, page: str, group: int) -> float:
        """Return the share of a list's articles that only this page has."""
        keys = {link.key for link in self.links[page] if link.group == group}
        sure = [key for key in keys if self._is_sure(page, key)]
        return len(sure) / len(keys)

    def _is_sure(self, page: str, article: str) -> bool:
        linking = self.linking[article]
        return linking == [page] or self._has_in_map(page, article)


def _plain(name: str) -> str:
    return "".join(name.split())


def _digits(label: str) -> str:
    return label.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _plain_label(label: str) -> str:
    """Return a label without leading zeros: ``A03`` → ``A3``."""
    match = _LABEL.fullmatch(label.strip().upper())
    if match is None:
        return ""
    letters, number = match.groups()
    return f"{letters}{number}"
