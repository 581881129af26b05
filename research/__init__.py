"""Text classification and topic modelling of Chinese newspapers.

The public names load on first use (PEP 562), so ``import research`` itself is quick:
no scikit-learn, no gensim, no numba.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from research.articles import Article as Article
    from research.choice import choose_n_topics as choose_n_topics
    from research.choice import stability as stability
    from research.config import Fields as Fields
    from research.config import read_config as read_config
    from research.corpus import iter_corpus as iter_corpus
    from research.corpus import read_corpus as read_corpus
    from research.corpus import split_by_date as split_by_date
    from research.corpus import split_by_days as split_by_days
    from research.corpus import write_corpus as write_corpus
    from research.errors import InputError as InputError
    from research.experiment import train as train
    from research.features import ArticleFeatures as ArticleFeatures
    from research.pages import Issue as Issue
    from research.pages import Layout as Layout
    from research.pages import Page as Page
    from research.pages import layout_of as layout_of
    from research.pages import read_issue as read_issue
    from research.pages import read_page as read_page
    from research.pages import read_pages as read_pages
    from research.pages import split_issue as split_issue
    from research.pages import split_page as split_page
    from research.pages.archive import split_archive as split_archive
    from research.pages.corrections import read_corrections as read_corrections
    from research.phrases import propose_words as propose_words
    from research.repeats import near_duplicates as near_duplicates
    from research.runs import load as load
    from research.sections import SectionClassifier as SectionClassifier
    from research.tokens import Segmenter as Segmenter
    from research.topics import TopicModel as TopicModel
    from research.topics import shares_over_time as shares_over_time

_HOME = {
    "Article": "articles",
    "ArticleFeatures": "features",
    "Fields": "config",
    "InputError": "errors",
    "Issue": "pages",
    "Layout": "pages",
    "Page": "pages",
    "SectionClassifier": "sections",
    "Segmenter": "tokens",
    "TopicModel": "topics",
    "choose_n_topics": "choice",
    "iter_corpus": "corpus",
    "layout_of": "pages",
    "load": "runs",
    "near_duplicates": "repeats",
    "propose_words": "phrases",
    "read_config": "config",
    "read_corpus": "corpus",
    "read_corrections": "pages.corrections",
    "read_issue": "pages",
    "read_page": "pages",
    "read_pages": "pages",
    "shares_over_time": "topics",
    "split_archive": "pages.archive",
    "split_by_date": "corpus",
    "split_by_days": "corpus",
    "split_issue": "pages",
    "split_page": "pages",
    "stability": "choice",
    "train": "experiment",
    "write_corpus": "corpus",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'research' has no name {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"research.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
