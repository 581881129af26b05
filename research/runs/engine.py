"""What the engine left, before anybody named or shaped a topic: all that tables follow from.

It stands in a run's folder ``engine/``, so that names, a new shape of the topics and whatever else
is presentation are applied to a run without training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from scipy import sparse

from research.articles.article import Article
from research.errors import InputError
from research.runs import files, matrices, model_files
from research.runs.draft import Draft
from research.runs.figures import (
    CapFigures,
    ChoiceFigures,
    LineageFigures,
    ReadingRemark,
    StopWordFigures,
)
from research.runs.folder import Source
from research.runs.json_files import JsonFile, JsonRow
from research.runs.model_files import ThemesModel
from research.runs.rows import BadRow, NearDuplicate, UndatedArticle
from research.themes.curation_steps import TopicState
from research.themes.data import LEAD_CHARACTERS, ThemeData
from research.themes.lineage import LineageStep
from research.themes.naming import TopicName

_TYPICAL_ARTICLES_PER_TOPIC = 10  # More than a report shows, for topics that are merged.
_MAX_CHARACTERS_OF_TEXT = 4000


class EngineFigures(JsonRow):
    """Figures of a training that no name or shape changes.

    ``most_topics`` is how many topics the articles have room for, where it is fewer than there are.
    """

    state: str
    passes: int | None = None
    training_perplexity: float | None = None
    stability: float | None = None
    lineage: LineageFigures | None = None
    choice: ChoiceFigures | None = None
    articles_without_text: int | None = None
    bad_rows: dict[str, int] | None = None
    remarks: tuple[ReadingRemark, ...] | None = None
    most_topics: int | None = None
    passages: int | None = None
    words_per_article: float | None = None
    capped: CapFigures | None = None
    stop_words: StopWordFigures | None = None


class EngineTopic(JsonRow):
    """A topic of the engine: a name from the headlines, one that a person gave it earlier."""

    proposal: str
    earlier: str | None = None
    stability: float | None = None


class EngineFacts(JsonRow):
    """What ``engine/engine.json`` holds.

    ``copies`` and ``undated`` are positions of articles; ``lineage_topics`` has the nearest topic
    of each step of the lineage.
    """

    topics: tuple[EngineTopic, ...]
    copies: tuple[int, ...]
    undated: tuple[int, ...]
    lineage_topics: tuple[int | None, ...]
    figures: EngineFigures


FACTS = JsonFile("engine/engine.json", TypeAdapter(EngineFacts), defaults=True)
ARTICLES = JsonFile("engine/articles.json", TypeAdapter(tuple[Article, ...]), indent=None)
TEXTS = JsonFile("engine/texts.json", TypeAdapter(dict[str, tuple[str, ...]]), indent=None)
COUNTS = "engine/counts.npz"
PASSAGES = "engine/passages.npz"
SHARES = "engine/shares.npy"


@dataclass(frozen=True)
class EngineTopics:
    """What the engine left.

    Attributes
    ----------
    trained : ThemesModel
        The fitted model, its vocabulary and its segmenter.
    articles : Sequence[Article]
        The n_articles articles, with the beginning of their text only: see :func:`facts_of`.
    counts : sparse.csr_matrix
        How often each article has each word, n_articles × n_words.
    shares : NDArray[np.float32]
        Topic shares, n_articles × n_topics, to single precision.
    facts : EngineFacts
        Proposed names, figures, which articles are copies or undated.
    lineage : Sequence[LineageStep]
        Topics of each period alone.
    undated : Sequence[UndatedArticle]
        Articles that no curve shows.
    near_duplicates : Sequence[NearDuplicate]
        Groups of articles with nearly the same text.
    bad_rows : tuple[BadRow, ...]
        Rows of the corpora that were left out.
    passages : sparse.csr_matrix or None
        How often each passage has each word, n_passages × n_words; None where articles are whole.
    texts : Mapping[str, Sequence[str]]
        The paragraphs of each topic's typical articles, by id; none in a run of an early version.
    """

    trained: ThemesModel
    articles: Sequence[Article]
    counts: sparse.csr_matrix
    shares: NDArray[np.float32]
    facts: EngineFacts
    lineage: Sequence[LineageStep]
    undated: Sequence[UndatedArticle]
    near_duplicates: Sequence[NearDuplicate]
    bad_rows: tuple[BadRow, ...] = ()
    passages: sparse.csr_matrix | None = None
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def documents(self) -> sparse.csr_matrix:
        """Word counts of what topics were fitted to: passages, or articles without copies."""
        if self.passages is not None:
            return self.passages
        if not self.facts.copies:
            return self.counts
        return self.counts[self.counted(copies=False)]

    def theme_data(self, shares: NDArray[np.float64]) -> ThemeData:
        """Return all articles with shares, n_articles × n_topics."""
        vocabulary = self.trained.vocabulary
        return ThemeData(self.articles, self.counts, shares, vocabulary, self.documents)

    @property
    def state(self) -> TopicState:
        """The engine's topics, before any step."""
        shares = self.shares.astype(np.float64)
        shares /= shares.sum(axis=1, keepdims=True)
        components = self.trained.model.pseudo_counts()
        return TopicState(shares, *engine_rows(components))

    @property
    def earlier_names(self) -> dict[int, TopicName]:
        """Names that a person gave to topics in an earlier run, by topic."""
        names = {}
        for number, topic in enumerate(self.facts.topics):
            if topic.earlier is not None:
                names[number] = TopicName(topic.earlier, "hand")
        return names

    def counted(self, *, copies: bool) -> NDArray[np.intp]:
        """Return positions of the articles, with the extra *copies* or without."""
        left_out = () if copies else self.facts.copies
        return np.setdiff1d(np.arange(len(self.articles)), left_out).astype(np.intp)

    def shown(self, *, copies: bool) -> NDArray[np.intp]:
        """Return positions of the articles with a date, with the extra *copies* or without."""
        return np.setdiff1d(self.counted(copies=copies), self.facts.undated).astype(np.intp)


def engine_rows(
    components: NDArray[np.float32],
) -> tuple[NDArray[np.float64], tuple[tuple[int, ...], ...]]:
    """Return the counts of the engine's topics, and which topic each row is made of."""
    made_of = tuple((topic,) for topic in range(len(components)))
    return components.astype(np.float64), made_of


def write_engine(draft: Draft, engine: EngineTopics) -> None:
    """Write what the engine left, the model too."""
    model_files.write_themes_model(draft, engine.trained)
    FACTS.write(draft, engine.facts)
    ARTICLES.write(draft, tuple(engine.articles))
    TEXTS.write(draft, {id_: tuple(text) for id_, text in engine.texts.items()})
    matrices.write_sparse(draft, COUNTS, engine.counts)
    if engine.passages is not None:
        matrices.write_sparse(draft, PASSAGES, engine.passages)
    matrices.write_array(draft, SHARES, engine.shares)


def typical_texts(
    articles: Sequence[Article], shares: NDArray[np.floating[Any]]
) -> dict[str, tuple[str, ...]]:
    """Return the paragraphs of the articles with most of each topic, by id.

    *shares* is n_articles × n_topics. Of a long article the first 4,000 characters are returned.
    """
    order = np.argsort(-shares, axis=0, kind="stable")
    positions = np.unique(order[:_TYPICAL_ARTICLES_PER_TOPIC])
    texts = {}
    for position in positions.tolist():
        article = articles[position]
        texts[article.id] = _first_paragraphs(article.paragraphs)
    return texts


def _first_paragraphs(paragraphs: Sequence[str]) -> tuple[str, ...]:
    first = []
    room = _MAX_CHARACTERS_OF_TEXT
    for paragraph in paragraphs:
        if room <= 0:
            break
        first.append(paragraph[:room])
        room -= len(paragraph)
    return tuple(first)


def facts_of(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Return articles without most of their text and without their places on a page."""
    facts = []
    for article in articles:
        lead = article.text[:LEAD_CHARACTERS]
        short = replace(article, paragraphs=(lead,), lines=(), boxes=(), reasons=())
        facts.append(short)
    return tuple(facts)


def has_engine(source: Source) -> bool:
    """Return whether a run has what the engine left; those of an early version have not."""
    return (source.folder / FACTS.name).is_file()


def read_engine(source: Source, trained: ThemesModel) -> EngineTopics:
    """Read what the engine left in a run; raise InputError where an early version trained it."""
    if not has_engine(source):
        raise InputError(
            f"{source.folder}: an earlier version trained this run, and did not store what names "
            "and shapes are applied to; train it again (research train --force)"
        )
    facts = FACTS.read(source)
    articles = ARTICLES.read(source)
    shape = len(articles), len(trained.vocabulary)
    lineage = []
    for step, topic in zip(files.LINEAGE.read(source), facts.lineage_topics, strict=True):
        lineage.append(step._replace(theme=topic))
    passages = None
    if facts.figures.passages is not None and (source.folder / PASSAGES).is_file():
        passages_shape = facts.figures.passages, len(trained.vocabulary)
        passages = matrices.read_sparse(source, PASSAGES, passages_shape).tocsr()
    return EngineTopics(
        trained=trained,
        articles=articles,
        counts=matrices.read_sparse(source, COUNTS, shape).tocsr(),
        shares=matrices.read_array(source, SHARES, (len(articles), len(facts.topics))),
        facts=facts,
        lineage=lineage,
        undated=files.UNDATED.read(source),
        near_duplicates=files.NEAR_DUPLICATES.read(source),
        bad_rows=files.read_bad_rows(source),
        passages=passages,
        texts=read_texts(source),
    )


def read_texts(source: Source) -> Mapping[str, Sequence[str]]:
    """Return the paragraphs of typical articles by id; none of a run that has not stored them."""
    if not (source.folder / TEXTS.name).is_file():
        return {}
    return TEXTS.read(source)
