"""Text classification and topic modelling of Chinese newspapers.

The public names load on first use (PEP 562), so ``import research`` itself is quick:
no scikit-learn, no gensim, no numba.
"""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from research.articles.article import Article as Article
    from research.articles.corpus import iter_corpus as iter_corpus
    from research.articles.corpus import read_corpus as read_corpus
    from research.articles.corpus import write_corpus as write_corpus
    from research.articles.fields import Fields as Fields
    from research.articles.near_duplicates import NearDuplicatePair as NearDuplicatePair
    from research.articles.near_duplicates import near_duplicates as near_duplicates
    from research.articles.splits import split_by_date as split_by_date
    from research.articles.splits import split_by_days as split_by_days
    from research.config import FeatureConfig as FeatureConfig
    from research.config import SectionsExperiment as SectionsExperiment
    from research.config import ThemesExperiment as ThemesExperiment
    from research.config import read_config as read_config
    from research.config import read_configs as read_configs
    from research.errors import InputError as InputError
    from research.pages.archive import split_archive as split_archive
    from research.pages.corrections import Corrections as Corrections
    from research.pages.corrections import read_corrections as read_corrections
    from research.pages.jumps import split_issue as split_issue
    from research.pages.read.epaper import Issue as Issue
    from research.pages.read.epaper import read_issue as read_issue
    from research.pages.read.files import read_page as read_page
    from research.pages.read.files import read_pages as read_pages
    from research.pages.read.page import Page as Page
    from research.pages.split.page import Layout as Layout
    from research.pages.split.page import layout_of as layout_of
    from research.pages.split.page import split_page as split_page
    from research.runs import SectionsRun as SectionsRun
    from research.runs import ThemesRun as ThemesRun
    from research.runs import load as load
    from research.runs import load_sections as load_sections
    from research.runs import load_themes as load_themes
    from research.runs.figures import SectionsFigures as SectionsFigures
    from research.runs.figures import ThemesFigures as ThemesFigures
    from research.runs.rows import Prediction as Prediction
    from research.runs.rows import SuspectLabel as SuspectLabel
    from research.sections.classifier import SectionClassifier as SectionClassifier
    from research.sections.explanation import Explanation as Explanation
    from research.sections.features import ArticleFeatures as ArticleFeatures
    from research.text.counts import count_words as count_words
    from research.text.counts import learn_words as learn_words
    from research.text.new_words import NewWord as NewWord
    from research.text.new_words import propose_words as propose_words
    from research.text.segmenter import Segmenter as Segmenter
    from research.themes.description import Topic as Topic
    from research.themes.mentions import Mentions as Mentions
    from research.themes.movement import Movement as Movement
    from research.themes.shares import SharesOverTime as SharesOverTime
    from research.themes.shares import shares_over_time as shares_over_time
    from research.themes.stories import Story as Story
    from research.topics.capacity import most_topics as most_topics
    from research.topics.choose import Stability as Stability
    from research.topics.choose import choose_n_topics as choose_n_topics
    from research.topics.choose import stability as stability
    from research.topics.model import TopicModel as TopicModel
    from research.topics.search import Choice as Choice
    from research.training.batch import Batch as Batch
    from research.training.batch import train_all as train_all
    from research.training.rerun import Reproduction as Reproduction
    from research.training.rerun import rerun as rerun
    from research.training.shaping import save as save
    from research.training.shaping import shape as shape
    from research.training.train import Outcome as Outcome
    from research.training.train import train as train

# The module of each name; the block above has the same for type checkers.
_HOME = {
    "Article": "articles.article",
    "ArticleFeatures": "sections.features",
    "Batch": "training.batch",
    "Choice": "topics.search",
    "Corrections": "pages.corrections",
    "Explanation": "sections.explanation",
    "FeatureConfig": "config",
    "Fields": "articles.fields",
    "InputError": "errors",
    "Issue": "pages.read.epaper",
    "Layout": "pages.split.page",
    "Mentions": "themes.mentions",
    "Movement": "themes.movement",
    "NearDuplicatePair": "articles.near_duplicates",
    "NewWord": "text.new_words",
    "Outcome": "training.train",
    "Page": "pages.read.page",
    "Prediction": "runs.rows",
    "Reproduction": "training.rerun",
    "SectionClassifier": "sections.classifier",
    "SectionsExperiment": "config",
    "SectionsFigures": "runs.figures",
    "SectionsRun": "runs",
    "Segmenter": "text.segmenter",
    "SharesOverTime": "themes.shares",
    "Stability": "topics.choose",
    "Story": "themes.stories",
    "SuspectLabel": "runs.rows",
    "ThemesExperiment": "config",
    "ThemesFigures": "runs.figures",
    "ThemesRun": "runs",
    "Topic": "themes.description",
    "TopicModel": "topics.model",
    "choose_n_topics": "topics.choose",
    "count_words": "text.counts",
    "iter_corpus": "articles.corpus",
    "layout_of": "pages.split.page",
    "learn_words": "text.counts",
    "load": "runs",
    "load_sections": "runs",
    "load_themes": "runs",
    "most_topics": "topics.capacity",
    "near_duplicates": "articles.near_duplicates",
    "propose_words": "text.new_words",
    "read_config": "config",
    "read_configs": "config",
    "read_corpus": "articles.corpus",
    "read_corrections": "pages.corrections",
    "read_issue": "pages.read.epaper",
    "read_page": "pages.read.files",
    "read_pages": "pages.read.files",
    "save": "training.shaping",
    "shape": "training.shaping",
    "rerun": "training.rerun",
    "shares_over_time": "themes.shares",
    "split_archive": "pages.archive",
    "split_by_date": "articles.splits",
    "split_by_days": "articles.splits",
    "split_issue": "pages.jumps",
    "split_page": "pages.split.page",
    "stability": "topics.choose",
    "train": "training.train",
    "train_all": "training.batch",
    "write_corpus": "articles.corpus",
}
_RENAMED = {"Phrase": "NewWord"}  # Former names, which work until the next version.
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _RENAMED:
        message = f"research.{name} is called research.{_RENAMED[name]} now"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        name = _RENAMED[name]
    if name not in _HOME:
        raise AttributeError(f"module 'research' has no name {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"research.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
