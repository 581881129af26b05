"""ArticleFeatures: blocks of features side by side, as a scikit-learn transformer over articles.

It composes blocks and knows no kind of them; see ``blocks``. A fitted one is stored as JSON types
and arrays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import TransformerMixin
from sklearn.exceptions import NotFittedError

from research.articles.article import Text, parts_of
from research.articles.texts import list_of_texts
from research.config import FeatureConfig, VocabularyConfig, check_features, upgrade_features
from research.errors import InputError
from research.sections.blocks import Block, block_of
from research.sections.estimator import TextEstimator
from research.sections.views import ArticleText, Unit, cut_views
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors

Features = Sequence[FeatureConfig | Mapping[str, Any]]
# numpy sorts and searches without Python's lock; more blocks at a time would gain little and hold
# more memory.
_BLOCKS_AT_A_TIME = 2
# What needs no tokens is built while texts are segmented.
_ORDER_OF_UNITS: tuple[Unit, ...] = ("characters", "articles", "tokens")

_FEW_TEXTS = 20  # With fewer hardly a term occurs in two.

DEFAULT_FEATURES = (
    FeatureConfig(kind="char-tfidf", ngrams=(1, 3), min_df=2),
    FeatureConfig(kind="word-tfidf", ngrams=(1, 2), min_df=2),
    FeatureConfig(kind="word-tfidf", field="headline", ngrams=(1, 2), weight=0.5),
)


class ArticleFeatures(TransformerMixin, TextEstimator):  # type: ignore[misc]
    """Turn articles (or plain texts) into one CSR matrix, n_articles × n_features, float32.

    Blocks of kind ``language`` learn from sections, given as *y*; ``fit_transform`` scores each of
    their training articles by the other articles alone, so that it returns what ``transform``
    returns for articles never seen.

    Parameters
    ----------
    blocks
        Configs of the blocks, or plain dicts such as ``{"kind": "char-tfidf", "ngrams": [1, 3]}``;
        the blocks are put side by side, each times its weight. Of the default blocks those that
        read headlines are left out where no article has one.
    segmenter
        Cuts words for the blocks that need them; a default one where left out.
    vectors
        Word vectors for blocks of kind ``vectors``, learned with the same segmenter.
    """

    def __init__(
        self,
        blocks: Features = DEFAULT_FEATURES,
        segmenter: Segmenter | None = None,
        vectors: WordVectors | None = None,
    ) -> None:
        self.blocks = blocks
        self.segmenter = segmenter
        self.vectors = vectors

    def fit(self, articles: Iterable[Text], y: Sequence[str] | None = None) -> Self:
        """Learn the columns of every block; *y* are the articles' sections."""
        self.fit_transform(articles, y)
        return self

    def fit_transform(
        self, articles: Iterable[Text], y: Sequence[str] | None = None, **_: Any
    ) -> sparse.csr_matrix:
        """Learn the columns of every block, and return the matrix of the same articles."""
        articles = list_of_texts(articles, "articles")
        self.segmenter_ = self.segmenter or Segmenter()
        self.blocks_ = []
        for config in self._configs_for(articles):
            block_class = block_of(config)
            block = block_class(config, self.vectors)
            self.blocks_.append(block)

        def learn(block: Block[Any], view: Sequence[Any]) -> sparse.csr_matrix:
            return _learn(block, view, y)

        return self._side_by_side(articles, learn)

    def _configs_for(self, articles: Sequence[Text]) -> tuple[FeatureConfig, ...]:
        """Return the configs of the blocks to learn.

        Of the default ones those that read headlines are left out where no article has one, and
        terms of one text stay where there are few texts.

        Raises
        ------
        InputError
            Where a block that the user chose reads headlines, and there is none.
        """
        configs = check_features(self.blocks)
        is_default = configs == DEFAULT_FEATURES
        if is_default and len(articles) < _FEW_TEXTS:
            configs = tuple(config.model_copy(update={"min_df": 1}) for config in configs)
        if any(parts_of(article)["headline"] for article in articles):
            return configs
        readable = tuple(config for config in configs if not _reads_headlines(config))
        if is_default or len(readable) == len(configs):
            return readable
        raise InputError(
            f"features read headlines, and none of the {len(articles)} texts has one; leave their "
            "block out, or give Articles with a headline"
        )

    def transform(self, articles: Iterable[Text]) -> sparse.csr_matrix:
        """Return the matrix of articles."""
        if not hasattr(self, "blocks_"):
            raise NotFittedError("ArticleFeatures is not fitted; call fit first")
        articles = list_of_texts(articles, "articles")

        def build(block: Block[Any], view: Sequence[Any]) -> sparse.csr_matrix:
            return block.transform(view)

        return self._side_by_side(articles, build)

    def _side_by_side(
        self,
        articles: Sequence[Text],
        build: Callable[[Block[Any], Sequence[Any]], sparse.csr_matrix],
    ) -> sparse.csr_matrix:
        """Build the blocks, some at a time, and put them side by side, each times its weight.

        Parameters
        ----------
        articles
            n articles.
        build
            Returns a block's matrix of what its view has of the articles.
        """
        futures: dict[int, Future[sparse.csr_matrix]] = {}
        with ThreadPoolExecutor(_BLOCKS_AT_A_TIME) as pool:
            for unit in _ORDER_OF_UNITS:
                views = {block.view for block in self.blocks_ if block.view.unit == unit}
                if not views:
                    continue
                items = cut_views(articles, views, self.segmenter_)
                for i, block in enumerate(self.blocks_):
                    if block.view in views:
                        view = items[block.view]
                        futures[i] = pool.submit(build, block, view)
            parts = []
            for i, block in enumerate(self.blocks_):
                weight = np.float32(block.config.weight)
                part = futures[i].result()
                parts.append(part * weight)
        table: sparse.csr_matrix = sparse.hstack(parts, format="csr", dtype=np.float32)
        return table

    @property
    def n_features_out(self) -> int:
        """Number of columns that ``transform`` returns."""
        return sum(self._widths())

    def _widths(self) -> list[int]:
        return [len(block.names) for block in self.blocks_]

    @property
    def occurring(self) -> NDArray[np.bool_]:
        """Which columns mean that a term occurs in an article, and not a dimension or a score."""
        counts_terms = [block.counts_terms for block in self.blocks_]
        return np.repeat(counts_terms, self._widths())

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:
        """Return the columns' names, such as ``headline:word:营商环境`` or ``all[:20]:char:水质``.

        Hashed columns and dimensions of vectors have a number instead of a term.
        """
        names: list[str] = []
        for block in self.blocks_:
            kind = block.config.kind
            unit = kind.removesuffix("-tfidf").removesuffix("-count")
            prefix = f"{block.config.reads}:{unit}"
            names.extend(f"{prefix}:{name}" for name in block.names)
        return np.asarray(names, dtype=object)

    def spread(
        self, article: Text, weights: NDArray[np.float64]
    ) -> tuple[str, NDArray[np.float64]]:
        """Spread the contribution of every feature over the characters that it was read from.

        Parameters
        ----------
        article
            An article or text.
        weights
            n_features weights of a linear score.

        Returns
        -------
        tuple
            The article's text, headline and body with a line feed between, and one number per
            character. The numbers sum to ``transform([article]) @ weights``, except for features
            that have no place in the text.
        """
        text = ArticleText(article, self.segmenter_)
        start = 0
        for block, width in zip(self.blocks_, self._widths(), strict=True):
            end = start + width
            block.spread(text, weights[start:end])
            start = end
        return text.whole, text.scores

    def unknown(self, articles: Iterable[Text]) -> tuple[list[float], Counter[str]]:
        """Return how much of articles the features do not know.

        Returns
        -------
        tuple
            The share of each article's n-grams that no block has a column for, and the words that
            no block knows, each with its number of articles.
        """
        articles = list(articles)
        views = {block.view for block in self.blocks_}
        items = cut_views(articles, views, self.segmenter_)
        shares = []
        for i in range(len(articles)):
            n_unknown = 0
            n_terms = 0
            for block in self.blocks_:
                item = items[block.view][i]
                n_unknown_in_block, n_terms_in_block = block.unknown_terms(item)
                n_unknown += n_unknown_in_block
                n_terms += n_terms_in_block
            share = n_unknown / max(1, n_terms)
            shares.append(share)
        words: Counter[str] = Counter()
        for article in articles:
            unknown_words = self._unknown_words(article)
            words.update(unknown_words)
        return shares, words

    def _unknown_words(self, article: Text) -> set[str]:
        """Return the words of two characters or more that no block knows."""
        text = parts_of(article)["all"]
        tokens = set(self.segmenter_.segment(text))
        words = {token for token in tokens if len(token) > 1}
        return {word for word in words if not self._knows(word)}

    def _knows(self, word: str) -> bool:
        if self.vectors is not None and word in self.vectors.place:
            return True
        return any(block.knows(word) for block in self.blocks_)

    def state(self) -> tuple[list[dict[str, Any]], dict[str, NDArray[Any]]]:
        """Return the fitted blocks as JSON types, and their arrays by name."""
        states = []
        arrays: dict[str, NDArray[Any]] = {}
        for i, block in enumerate(self.blocks_):
            # Without its files: their names differ between machines, and the state has their rules.
            config = block.config.model_dump(exclude={"files"})
            facts, block_arrays = block.state()
            states.append({"config": config, **facts})
            for name, array in block_arrays.items():
                arrays[f"{name}-{i}"] = array
        if self.vectors is not None:
            arrays["vectors"] = self.vectors.vectors
            arrays["vectors-idf"] = self.vectors.idf
        return states, arrays

    @classmethod
    def from_state(
        cls,
        blocks: list[dict[str, Any]],
        arrays: dict[str, NDArray[Any]],
        segmenter: Segmenter,
        vector_words: Sequence[str] | None = None,
    ) -> ArticleFeatures:
        """Return the fitted features that :meth:`state` described.

        Parameters
        ----------
        blocks, arrays
            What :meth:`state` returned.
        segmenter
            The one that the features were fitted with.
        vector_words
            The words of the arrays of word vectors; None where there are none.
        """
        vectors = None
        if vector_words is not None:
            vectors = WordVectors(
                words=tuple(vector_words),
                vectors=arrays["vectors"],
                idf=arrays["vectors-idf"],
            )
        configs = check_features(upgrade_features(state["config"]) for state in blocks)
        features = cls(configs, segmenter, vectors)
        features.segmenter_ = segmenter
        features.blocks_ = []
        for i, config in enumerate(configs):
            block_class = block_of(config)
            block = block_class.from_state(
                config=config,
                facts=blocks[i],
                arrays=_arrays_of_block(arrays, i),
                vectors=vectors,
            )
            features.blocks_.append(block)
        return features


def _reads_headlines(config: FeatureConfig) -> bool:
    """Return whether a block learns its terms from headlines."""
    return isinstance(config, VocabularyConfig) and config.field == "headline"


def _learn(block: Block[Any], view: Sequence[Any], y: Sequence[str] | None) -> sparse.csr_matrix:
    """Learn a block's columns from what it reads; raise InputError where it has none."""
    try:
        return block.fit_transform(view, y)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            f"features of {block.config.reads} ({block.config.kind}): {error}; "
            "lower min_df, or leave the block out"
        ) from None


def _arrays_of_block(arrays: dict[str, NDArray[Any]], number: int) -> dict[str, NDArray[Any]]:
    """Return a block's arrays under the names that the block has for them."""
    suffix = f"-{number}"
    block_arrays = {}
    for name, array in arrays.items():
        if name.endswith(suffix):
            block_name = name.removesuffix(suffix)
            block_arrays[block_name] = array
    return block_arrays
