"""Divide articles into training and test by their dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from research.articles.article import Article
from research.articles.dates import iso_date
from research.errors import InputError


def split_by_date(articles: Sequence[Article], test_from: str) -> tuple[list[int], list[int]]:
    """Return the positions of the articles before *test_from* (training) and from it on (test).

    Raises InputError when an article has no date or either side is empty.
    """
    start = iso_date(test_from)
    dates = _dates(articles)
    train = [i for i, date in enumerate(dates) if date < start]
    test = [i for i, date in enumerate(dates) if date >= start]
    setting = f"split.test_from {test_from}"
    _refuse_empty(train, test, f"{setting}: the corpus goes from {min(dates)} to {max(dates)}")
    return train, test


def split_by_days(
    articles: Sequence[Article], test_share: float, seed: int
) -> tuple[list[int], list[int]]:
    """Return positions for training and test, each day on one side only.

    Whole days are drawn at random until *test_share* (0 to 1) of the articles is reached: items
    of one day often report one event twice.

    Raises InputError when an article has no date or either side is empty.
    """
    dates = _dates(articles)
    days = sorted(set(dates))
    articles_per_day = Counter(dates)
    test_days: set[str] = set()
    reached = 0
    for k in np.random.default_rng(seed).permutation(len(days)):
        if reached >= test_share * len(dates):
            break
        test_days.add(days[k])
        reached += articles_per_day[days[k]]
    train = [i for i, date in enumerate(dates) if date not in test_days]
    test = [i for i, date in enumerate(dates) if date in test_days]
    _refuse_empty(train, test, f"split.test_share {test_share}: the corpus has {len(days)} days")
    return train, test


def _dates(articles: Sequence[Article]) -> list[str]:
    dates = []
    for article in articles:
        if article.date is None:
            raise InputError(
                f"article {article.id!r} has no date; a split by time needs one for every article"
            )
        dates.append(article.date)
    return dates


def _refuse_empty(train: list[int], test: list[int], reason: str) -> None:
    if train and test:
        return
    side = "test" if train else "training"
    raise InputError(f"{reason}; that leaves {side} without articles: choose another")
