"""Feature builders: config → scikit-learn transformers over articles.

Segmenting happens before the vectorizers, so these hold nothing but numbers and words, and a
fitted builder is stored as JSON and arrays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import HashingVectorizer

from research.articles.article import ArticlePart, Text, parts_of
from research.config import AnyFeatureConfig, FeatureConfig, RuleConfig, upgrade_features
from research.errors import InputError
from research.sections.language_model import LanguageScores
from research.sections.rules import CueScores, Rules, read_rules
from research.text.ngrams import BEGIN, END, NGrams
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors
from research.toml import check_values

View = tuple[
    ArticlePart, int | None, Literal["tokens", "characters", "articles"]
]  # What a block reads: a part, so many characters of it, as what.
_SPACE = re.compile(r"\s+")
_HASHED = 2**18
_AT_ONCE = 2  # Blocks: numpy sorts and searches without Python's lock; more at a time would gain little and hold more memory.
DENSE = (
    "vectors",
    "cues",
    "language",
)  # Kinds of blocks without n-grams: every article has a number in every column.
# Tokens come joined by spaces; case was settled by the segmenter.
_WORDS: dict[str, Any] = {"lowercase": False, "dtype": np.float32, "token_pattern": r"\S+"}

DEFAULT_FEATURES = (
    FeatureConfig(kind="char-tfidf", ngrams=(1, 3), min_df=2),
    FeatureConfig(kind="word-tfidf", ngrams=(1, 2), min_df=2),
    FeatureConfig(kind="word-tfidf", field="headline", ngrams=(1, 2), weight=0.5),
)


class MeanVectors:
    """The vectorizer of ``vectors`` blocks: texts of tokens joined by spaces → the weighted means of their words' vectors."""

    def __init__(self, vectors: WordVectors) -> None:
        self.vectors = vectors

    def transform(self, texts: Iterable[str]) -> sparse.csr_matrix:
        return sparse.csr_matrix(self.vectors.mean([text.split() for text in texts]))

    def fit_transform(self, texts: Iterable[str], y: object = None) -> sparse.csr_matrix:
        return self.transform(texts)

    def worth(self, tokens: Iterable[str], weights: NDArray[np.float64]) -> dict[int, float]:
        """Return what each word of a text adds to ``transform([text]) @ weights``, by the word's number."""
        rows, shares = self.vectors.counted(tokens)
        return dict(
            zip(
                rows.tolist(),
                (shares * (self.vectors.vectors[rows] @ weights)).tolist(),
                strict=True,
            )
        )


def build_vectorizer(config: Any, vectors: WordVectors | None = None) -> Any:
    """Return the unfitted vectorizer of one block; its texts are tokens joined by spaces, or raw for chars."""
    if config.kind == "vectors":
        if vectors is None:
            raise InputError(
                "features of kind vectors need word vectors; give [[unlabelled]] articles, or vectors=research.learn_vectors(…)"
            )
        return MeanVectors(vectors)
    if config.kind == "cues":
        if not config.files:
            raise InputError('features of kind cues need rules; give files = ["cues.toml"]')
        return CueScores(read_rules(config.files, sections=None))
    if config.kind == "language":
        return LanguageScores(config.ngrams[1])
    if config.kind == "hashing":
        edged = {"preprocessor": f"{BEGIN} {{}} {END}".format} if config.edges else {}
        return HashingVectorizer(
            n_features=config.max_features or _HASHED,
            alternate_sign=False,
            ngram_range=config.ngrams,
            **edged,
            **_WORDS,
        )
    return NGrams(
        "characters" if config.kind == "char-tfidf" else "tokens",
        config.ngrams,
        edges=config.edges,
        weigh="count" if config.kind == "word-count" else "tfidf",
        sublinear=getattr(config, "sublinear", True),
        min_df=config.min_df,
        max_df=config.max_df,
        max_features=config.max_features,
    )


class ArticleFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn articles (or plain texts) into one CSR matrix, n_articles × n_features, float32.

    *blocks* are put side by side, each times its weight; *segmenter* cuts words for those that need them, and *vectors* are for
    blocks of kind ``vectors``, learned with the same segmenter. Blocks of kind ``language`` learn from sections, given as *y*;
    ``fit_transform`` tells such an article by the others alone, so that it gives what ``transform`` gives for articles never seen.
    """

    def __init__(
        self,
        blocks: Sequence[FeatureConfig] = DEFAULT_FEATURES,
        segmenter: Segmenter | None = None,
        vectors: WordVectors | None = None,
    ) -> None:
        self.blocks = blocks
        self.segmenter = segmenter
        self.vectors = vectors

    def fit(self, articles: Iterable[Text], y: Sequence[str] | None = None) -> Self:
        self.fit_transform(articles, y)
        return self

    def fit_transform(
        self, articles: Iterable[Text], y: Sequence[str] | None = None, **_: Any
    ) -> sparse.csr_matrix:
        self.segmenter_ = self.segmenter or Segmenter()
        self.vectorizers_ = [build_vectorizer(block, self.vectors) for block in self.blocks]

        def learn(block: FeatureConfig, vectorizer: Any, view: list[Any]) -> sparse.csr_matrix:
            try:
                learned: sparse.csr_matrix = vectorizer.fit_transform(view, y)
            except ValueError as error:
                raise InputError(
                    f"features of {block.reads} ({block.kind}): {error}; lower min_df, or leave the block out"
                ) from None
            return learned

        return self._side_by_side(articles, learn)

    def transform(self, articles: Iterable[Text]) -> sparse.csr_matrix:
        if not hasattr(self, "vectorizers_"):
            raise NotFittedError("ArticleFeatures is not fitted; call fit first")
        return self._side_by_side(articles, lambda _, vectorizer, view: vectorizer.transform(view))

    def _side_by_side(
        self,
        articles: Iterable[Text],
        build: Callable[[FeatureConfig, Any, list[Any]], sparse.csr_matrix],
    ) -> sparse.csr_matrix:
        """Build the blocks, two at a time, and put them side by side, each times its weight."""
        articles = list(articles)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            built: dict[int, Future[sparse.csr_matrix]] = {}
            for reading in (
                "characters",
                "articles",
                "tokens",
            ):  # What needs no words is built while these are cut.
                mine = [i for i, block in enumerate(self.blocks) if _view(block)[2] == reading]
                views = self._views(articles, {_view(self.blocks[i]) for i in mine})
                built |= {
                    i: pool.submit(
                        build, self.blocks[i], self.vectorizers_[i], views[_view(self.blocks[i])]
                    )
                    for i in mine
                }
            parts = [
                built[i].result() * np.float32(block.weight) for i, block in enumerate(self.blocks)
            ]
        table: sparse.csr_matrix = sparse.hstack(parts, format="csr", dtype=np.float32)
        return table

    @property
    def n_features_out(self) -> int:
        """Number of columns that ``transform`` gives."""
        return sum(len(_terms(vectorizer)) for vectorizer in self.vectorizers_)

    @property
    def occurring(self) -> NDArray[np.bool_]:
        """Which columns say that something occurs in an article; dimensions of vectors and scores of cues do not."""
        return np.repeat(
            [block.kind not in DENSE for block in self.blocks],
            [len(_terms(vectorizer)) for vectorizer in self.vectorizers_],
        )

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:
        """Return names such as ``headline:word:营商环境`` or ``all[:20]:char:水质``; hashed columns and dimensions of vectors have a number."""
        names: list[str] = []
        for block, vectorizer in zip(self.blocks, self.vectorizers_, strict=True):
            head = f"{block.reads}:{block.kind.removesuffix('-tfidf').removesuffix('-count')}:"
            names.extend(f"{head}{term}" for term in _terms(vectorizer))
        return np.asarray(names, dtype=object)

    def spread(
        self, article: Text, weights: NDArray[np.float64]
    ) -> tuple[str, NDArray[np.float64]]:
        """Spread what every feature adds over the characters that it was read from.

        *weights* are n_features. Returns the article's text, headline and body apart by a line feed, and a number a
        character; the numbers sum to ``transform([article]) @ weights``, but for features that no place can be found for.
        """
        parts = parts_of(article)
        whole = parts["all"]
        values = self.transform([article])[0]
        # astype: a float32 sum over some thousand features would lose the last digits.
        added = dict(
            zip(
                values.indices.tolist(),
                (values.data.astype(np.float64) * weights[values.indices]).tolist(),
                strict=True,
            )
        )
        score = np.zeros(len(whole))
        begins = len(parts["headline"]) + 1
        starts: dict[ArticlePart, int] = {"headline": 0, "lead": begins, "body": begins, "all": 0}
        start = 0
        for block, vectorizer in zip(self.blocks, self.vectorizers_, strict=True):
            first = starts[getattr(block, "field", "all")]
            last = first + len(
                _opening(parts[getattr(block, "field", "all")], getattr(block, "first", None))
            )
            after = start + len(_terms(vectorizer))
            if isinstance(vectorizer, MeanVectors):
                tokens = [
                    (token, first + begin, first + end)
                    for token, begin, end in self.segmenter_.places(whole[first:last])
                ]
                worth = vectorizer.worth(
                    [token for token, _, _ in tokens], weights[start:after] * block.weight
                )
                _lay(
                    score,
                    worth,
                    (
                        (vectorizer.vectors.place.get(token, -1), begin, end)
                        for token, begin, end in tokens
                    ),
                )
            elif isinstance(vectorizer, CueScores):
                places = vectorizer.rules.places(article)
                worth = vectorizer.worth(article, weights[start:after] * block.weight)
                _lay(
                    score,
                    worth,
                    (
                        (rule, starts[field] + begin, starts[field] + end)
                        for rule, field, begin, end in places
                    ),
                )
            elif isinstance(vectorizer, LanguageScores):
                told = [place for place in range(first, last) if not whole[place].isspace()]
                score[told] += vectorizer.worth(
                    "".join(whole[place] for place in told), weights[start:after] * block.weight
                )
            else:
                worth = {
                    column - start: value
                    for column, value in added.items()
                    if start <= column < after
                }
                _lay(score, worth, self._occurrences(block, vectorizer, whole, first, last))
            start = after
        return whole, score

    def _occurrences(
        self, block: FeatureConfig, vectorizer: Any, whole: str, first: int, last: int
    ) -> Iterator[tuple[int, int, int]]:
        """Yield (column within the block, first character, end) of every n-gram of ``whole[first:last]``."""
        if block.kind == "char-tfidf":
            units = [
                (char, place, place + 1)
                for place, char in enumerate(whole[first:last], first)
                if not char.isspace()
            ]
            between = ""
        else:
            units = [
                (token, first + begin, first + end)
                for token, begin, end in self.segmenter_.places(whole[first:last])
            ]
            between = " "
        if getattr(block, "edges", False):
            units = [(BEGIN, first, first), *units, (END, last, last)]
        grams = {
            (i, n): between.join(unit for unit, _, _ in units[i : i + n])
            for n in range(*_sizes(block))
            for i in range(len(units) - n + 1)
        }
        if isinstance(vectorizer, HashingVectorizer):
            names = sorted(set(grams.values()))
            once = HashingVectorizer(
                n_features=vectorizer.n_features,
                alternate_sign=False,
                norm=None,
                analyzer=lambda gram: [gram],
                dtype=np.float32,
            )
            columns = (
                dict(zip(names, once.transform(names).indices.tolist(), strict=True))
                if names
                else {}
            )
        else:
            columns = vectorizer.vocabulary
        for (i, n), gram in grams.items():
            if gram in columns:
                yield columns[gram], units[i][1], units[i + n - 1][2]

    def _views(self, articles: Iterable[Text], wanted: set[View]) -> dict[View, list[Any]]:
        """Cut every article once into what blocks read."""
        views: dict[View, list[Any]] = {view: [] for view in wanted}
        for article in articles:
            raw = parts_of(article)
            tokens: dict[str, str] = {}
            for view in wanted:
                field, first, reading = view
                if reading == "articles":
                    views[view].append(article)
                elif reading == "characters":
                    views[view].append(_SPACE.sub("", raw[field])[:first])
                else:
                    # What is the whole of two parts is not cut again.
                    texts = (
                        (raw["headline"], raw["body"])
                        if field == "all" and first is None
                        else (_opening(raw[field], first),)
                    )
                    for text in texts:
                        if text not in tokens:
                            tokens[text] = " ".join(self.segmenter_.segment(text))
                    views[view].append(" ".join(tokens[text] for text in texts))
        return views

    def unknown(self, articles: Iterable[Text]) -> tuple[list[float], Counter[str]]:
        """Return, of each article, the share of its n-grams that no block has a column for, and the words that none knows, with their articles."""
        articles = list(articles)
        views = self._views(articles, {_view(block) for block in self.blocks})
        known = [
            (_view(block), v.grams, v.vocabulary)
            for block, v in zip(self.blocks, self.vectorizers_, strict=True)
            if isinstance(v, NGrams)
        ]
        shares = []
        for i in range(len(articles)):
            grams = [
                (gram, vocabulary)
                for view, grams_of, vocabulary in known
                for gram in set(grams_of(views[view][i]))
            ]
            shares.append(
                sum(gram not in vocabulary for gram, vocabulary in grams) / max(1, len(grams))
            )
        vocabularies = [vocabulary for _, _, vocabulary in known] + (
            [self.vectors.place] if self.vectors is not None else []
        )
        words: Counter[str] = Counter()
        for article in articles:
            tokens = {
                token
                for token in self.segmenter_.segment(parts_of(article)["all"])
                if len(token) > 1
            }
            words.update(
                token
                for token in tokens
                if not any(token in vocabulary for vocabulary in vocabularies)
            )
        return shares, words

    def state(self) -> tuple[list[dict[str, Any]], dict[str, np.ndarray[Any, Any]]]:
        """Return the fitted blocks as JSON types, and their arrays by name."""
        blocks = []
        arrays: dict[str, np.ndarray[Any, Any]] = {}
        for i, (block, vectorizer) in enumerate(zip(self.blocks, self.vectorizers_, strict=True)):
            # Without its files: their names differ from one machine to the next, and their rules stand here.
            facts: dict[str, Any] = {"config": block.model_dump(exclude={"files"})}
            if isinstance(vectorizer, NGrams):
                facts["vocabulary"] = vectorizer.names
                if vectorizer.weigh == "tfidf":
                    arrays[f"idf-{i}"] = vectorizer.idf
            elif isinstance(vectorizer, CueScores):
                facts["rules"] = [rule.model_dump() for rule in vectorizer.rules.rules]
                arrays[f"cues-{i}"] = vectorizer.weights
            elif isinstance(vectorizer, LanguageScores):
                facts |= {
                    "vocabulary": vectorizer.ngrams.names,
                    "sections": vectorizer.sections,
                    "scale": vectorizer.scale,
                }
                arrays[f"language-{i}"] = vectorizer.counts
            blocks.append(facts)
        if self.vectors is not None:
            arrays |= {"vectors": self.vectors.vectors, "vectors-idf": self.vectors.idf}
        return blocks, arrays

    @classmethod
    def from_state(
        cls,
        blocks: list[dict[str, Any]],
        arrays: dict[str, np.ndarray[Any, Any]],
        segmenter: Segmenter,
        vector_words: Sequence[str] | None = None,
    ) -> ArticleFeatures:
        configs = [
            check_values(AnyFeatureConfig, upgrade_features(block["config"]), "features")
            for block in blocks
        ]
        vectors = (
            None
            if vector_words is None
            else WordVectors(tuple(vector_words), arrays["vectors"], arrays["vectors-idf"])
        )
        features = cls(configs, segmenter, vectors)
        features.segmenter_, features.vectorizers_ = segmenter, []
        for i, (config, block) in enumerate(zip(configs, blocks, strict=True)):
            if config.kind == "cues":
                rules = Rules(
                    [RuleConfig.model_validate(rule, strict=False) for rule in block["rules"]]
                )
                features.vectorizers_.append(CueScores(rules, arrays[f"cues-{i}"]))
                continue
            vectorizer = build_vectorizer(config, vectors)
            if isinstance(vectorizer, NGrams):
                vectorizer.restore(
                    block["vocabulary"], arrays[f"idf-{i}"] if vectorizer.weigh == "tfidf" else None
                )
            elif isinstance(vectorizer, LanguageScores):
                vectorizer.restore(
                    block["vocabulary"], block["sections"], arrays[f"language-{i}"], block["scale"]
                )
            features.vectorizers_.append(vectorizer)
        return features


def _lay(
    score: NDArray[np.float64], worth: dict[int, float], occurrences: Iterable[tuple[int, int, int]]
) -> None:
    """Lay what each number adds over the characters where it occurs, in equal shares."""
    places: dict[int, list[tuple[int, int]]] = {}
    for number, begin, end in occurrences:
        places.setdefault(number, []).append((begin, end))
    for number, spans in places.items():
        for begin, end in spans:
            score[begin:end] += worth.get(number, 0.0) / len(spans) / max(end - begin, 1)


def _terms(vectorizer: Any) -> Sequence[object]:
    """Return what the columns of a fitted vectorizer stand for: terms, sections, or numbers alone."""
    if isinstance(vectorizer, CueScores | LanguageScores):
        return vectorizer.sections
    if isinstance(vectorizer, MeanVectors):
        return range(vectorizer.vectors.vectors.shape[1])
    return (
        range(vectorizer.n_features)
        if isinstance(vectorizer, HashingVectorizer)
        else vectorizer.names
    )


def _view(block: FeatureConfig) -> View:
    if block.kind == "cues":
        return "all", None, "articles"
    return (
        getattr(block, "field", "all"),
        getattr(block, "first", None),
        "characters" if block.kind in ("char-tfidf", "language") else "tokens",
    )


def _opening(text: str, first: int | None) -> str:
    """Return the beginning of a text up to its *first*-th character that is no space; all of it for None."""
    if first is None or len(text) <= first:
        return text
    ends = (place for place, char in enumerate(text, 1) if not char.isspace())
    return text[: next(islice(ends, first - 1, None), len(text))]


def _sizes(block: Any) -> tuple[int, int]:
    return block.ngrams[0], block.ngrams[1] + 1
