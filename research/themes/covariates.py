"""What articles can be compared by: paper, page, section, author, corpus, any further column.

A covariate puts every article into one group. What topics do in groups is in ``groups`` and
``effects``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.errors import InputError
from research.pages.marks.bylines import close_names

DATE = "date"  # Every comparison holds it fixed; it makes no groups.
_MAX_GROUPS = 12  # The commonest; the other articles are one group that is not shown.
_N_NUMBER_GROUPS = 4  # Of a column of numbers, with about as many articles each.
_NAME_ALONE = re.compile(r"[\u4e00-\u9fff·]{2,8}")  # A byline that is nothing but a name.
_REPORTER = re.compile(
    r"(?:记者|作者|撰稿|评论员|通讯员|特派员|文[/／])\s*+[:：]?\s*+"
    r"([\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,6}|[\u4e00-\u9fff]{2,4}?)"
    r"(?=$|[\s、，,；;）)/／]|记者|通讯员|实习|报道|摄|图)"
)


class Covariate(NamedTuple):
    """A division of articles into groups.

    Attributes
    ----------
    name : str
        What the articles are divided by.
    groups : tuple[str, ...]
        The groups that are compared, the commonest first; of numbers in their order.
    codes : NDArray[np.intp]
        The position of each article's group (n_documents,); one past the last for articles of rarer
        values, two past it for those without a value.
    n_rare : int
        How many rarer values there are.
    """

    name: str
    groups: tuple[str, ...]
    codes: NDArray[np.intp]
    n_rare: int

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Articles of each group, of rarer values, and without a value (n_groups + 2,)."""
        return np.bincount(self.codes, minlength=len(self.groups) + 2)


def covariate_of(name: str, values: Sequence[str]) -> Covariate:
    """Return the division of articles by their *values*; "" is none.

    The twelve commonest values are groups. Where more values occur and all are numbers, articles
    are divided into four groups of about the same size, named by their first and last number.
    """
    given = [value for value in values if value]
    distinct, n_articles = np.unique(given, return_counts=True)
    order = np.argsort(-n_articles, kind="stable")
    commonest = distinct[order].tolist()
    if len(commonest) > _MAX_GROUPS and name != "page":
        numbers = _numbers(values)
        if numbers is not None:
            return _divide_numbers(name, numbers)
    groups = commonest[:_MAX_GROUPS]
    rare = len(groups)
    codes = dict.fromkeys(commonest, rare)
    codes |= {value: code for code, value in enumerate(groups)}
    codes[""] = rare + 1
    codes_of_articles = [codes[value] for value in values]
    return Covariate(
        name=name,
        groups=tuple(groups),
        codes=np.array(codes_of_articles, dtype=np.intp),
        n_rare=len(commonest) - len(groups),
    )


def _numbers(values: Sequence[str]) -> NDArray[np.float64] | None:
    """Return values as numbers, NaN for "", None where one is no number."""
    try:
        numbers = np.array([float(value) if value else np.nan for value in values])
    except ValueError:
        return None
    return None if np.isinf(numbers).any() else numbers


def _divide_numbers(name: str, numbers: NDArray[np.float64]) -> Covariate:
    """Divide articles into groups of about the same size by a number."""
    has_number = ~np.isnan(numbers)
    quantiles = np.arange(1, _N_NUMBER_GROUPS) / _N_NUMBER_GROUPS
    bounds = np.unique(np.quantile(numbers[has_number], quantiles))
    part_of = np.searchsorted(bounds, numbers, side="left")
    groups: list[str] = []
    codes = np.full(len(numbers), -1, dtype=np.intp)
    for part in range(len(bounds) + 1):
        chosen = has_number & (part_of == part)
        if chosen.any():
            codes[chosen] = len(groups)
            groups.append(_range_of(numbers[chosen]))
    codes[codes < 0] = len(groups) + 1
    return Covariate(name=name, groups=tuple(groups), codes=codes, n_rare=0)


def _range_of(numbers: NDArray[np.float64]) -> str:
    """Return the name of a group: its first and last number."""
    first = numbers.min()
    last = numbers.max()
    return f"{first:g} – {last:g}" if first < last else f"{first:g}"


def values_of(articles: Iterable[Article], name: str) -> list[str]:
    """Return what each article has for a covariate, "" where it has nothing.

    ``section``, ``page`` (the first one), ``source`` and ``kind`` are parts of the article; every
    other name is a column of the corpus. Without such a column ``paper`` is the source, and
    ``author`` the column 作者 or 记者, or the first person of the byline.
    """
    value_of = _KNOWN.get(name)
    values = []
    for article in articles:
        value = "" if name in _OF_ARTICLE else _column(article, name)
        if not value and value_of is not None:
            value = value_of(article)
        values.append(value)
    return values


def is_of_article(name: str) -> bool:
    """Return whether a covariate is a part of the article, never a further column."""
    return name in _OF_ARTICLE


def _column(article: Article, name: str) -> str:
    for column, value in article.columns:
        if column == name:
            return value
    return ""


def check_names(articles: Sequence[Article], names: Sequence[str], where: str) -> None:
    """Raise InputError for covariates that no article has a value for, and list what there is.

    ``section``, ``page`` and the like may be empty in all articles. *where* is what names them.
    """
    columns: dict[str, str] = {}
    for article in articles:
        columns.update(article.columns)
    known = [*_KNOWN, *columns]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(
            f"{where}: no article has a value in {', '.join(map(repr, unknown))}; there are "
            f"{', '.join(known)}; name one of these, or say what the corpus calls "
            'it: corpus.columns = { NAME = "its name there" }'
        )


def author_of(byline: str) -> str:
    """Return the first person that a byline names, "" where it names none.

    >>> author_of("本报讯（记者 孙 震 通讯员 李晓梅）")
    '孙震'
    """
    closed = close_names(byline)
    reporter = _REPORTER.search(closed)
    if reporter is not None:
        return reporter[1]
    names = closed.strip("（）()■□◆● ").split()
    if not names or not _NAME_ALONE.fullmatch(names[0]):
        return ""
    is_agency = names[0].endswith(("讯", "电", "消息", "社"))
    return "" if is_agency else names[0]


def _section(article: Article) -> str:
    return article.section or ""


def _page(article: Article) -> str:
    return str(article.pages[0]) if article.pages else ""


def _source(article: Article) -> str:
    return article.source


def _kind(article: Article) -> str:
    return article.kind


def _author(article: Article) -> str:
    named = _column(article, "作者") or _column(article, "记者")
    return named or author_of(article.byline)


_OF_ARTICLE = frozenset({"section", "page", "source", "kind"})
_KNOWN: dict[str, Callable[[Article], str]] = {
    "section": _section,
    "page": _page,
    "source": _source,
    "paper": _source,
    "kind": _kind,
    "author": _author,
}


def issues_of(dates: Sequence[str], papers: Sequence[str]) -> NDArray[np.intp]:
    """Return the issue of each article, its date and paper, as a number from 0 (n_documents,).

    An article without a date is an issue by itself.
    """
    names = []
    for i, (date, paper) in enumerate(zip(dates, papers, strict=True)):
        names.append(f"{date}\t{paper}" if date else f"\t{i}")
    _, issues = np.unique(names, return_inverse=True)
    return issues.astype(np.intp)
