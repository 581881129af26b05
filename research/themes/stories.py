"""Stories: what was new in a period, as words that rose together and the articles that have them.

No topic is needed to find them. One topic serves many events, all Games are one theme; stories
separate them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from research.themes.calendar import PERIODS_PER_YEAR, Period, lay_out
from research.themes.chance import SIGNIFICANCE_LEVEL
from research.themes.data import ArticleReference, ThemeData, refer_to
from research.themes.mentions import presence, sum_by_period

_MIN_DOCUMENTS = 4  # With a word, for the word to rise; of a story.
_MIN_RATIO = 3.0  # Documents with a word, as a multiple of those expected.
_MAX_RISEN_WORDS = 300  # Of a period; clustering takes the square of it.
_MAX_COSINE_DISTANCE = 0.75  # Up to which words belong to one story.
_MIN_WORDS_OF_STORY = 2  # That a document has, where the story has so many.
_MAX_WORDS = 12  # Named of a story.
_MAX_ARTICLES = 3  # Named of a story.
_MIN_PERIODS_BEFORE = 4  # To compare a period with; a year's, where those are more.
_WORD = re.compile(r"\w+")


class Story(NamedTuple):
    """What was new in a period.

    Attributes
    ----------
    period : str
        The period.
    theme : int
        The topic with the largest mean share in its articles.
    weight : float
        The sum of its words' log-likelihood ratios.
    documents : int
        How many articles have two of its words or more.
    words : tuple[str, ...]
        At most twelve words, the most characteristic first.
    articles : tuple[ArticleReference, ...]
        The three articles that have most of its words for their length.
    """

    period: str
    theme: int
    weight: float
    documents: int
    words: tuple[str, ...]
    articles: tuple[ArticleReference, ...]


class RisingWords(NamedTuple):
    """Words that rose together in a period.

    Attributes
    ----------
    period : int
        The position of the period.
    words : tuple[int, ...]
        Columns, the most characteristic first.
    documents : tuple[int, ...]
        Rows with two of the words or more, those that have most of them for their length first.
    weight : float
        The sum of the words' log-likelihood ratios.
    """

    period: int
    words: tuple[int, ...]
    documents: tuple[int, ...]
    weight: float


def find_stories(data: ThemeData, by: Period, max_stories: int = 10) -> list[Story]:
    """Return the stories of every period, period by period, the one of the greatest weight first.

    Parameters
    ----------
    data : ThemeData
        Articles; each has a date.
    by : Period
        The length of a period. It is compared with the periods of a year before, or four.
    max_stories : int, default 10
        How many stories a period may have; 0 for none.
    """
    if not max_stories or not data.articles:
        return []
    periods, rows = lay_out(data.dates, by)
    n_before = max(_MIN_PERIODS_BEFORE, round(PERIODS_PER_YEAR[by]))
    stories = []
    for risen in find_rising_words(data.counts, rows, n_before, max_stories):
        references = [refer_to(data.articles[i]) for i in risen.documents[:_MAX_ARTICLES]]
        mean_shares = data.shares[list(risen.documents)].mean(axis=0)
        words = [data.vocabulary[column] for column in risen.words]
        story = Story(
            period=periods[risen.period],
            theme=int(mean_shares.argmax()),
            weight=risen.weight,
            documents=len(risen.documents),
            words=tuple(words),
            articles=tuple(references),
        )
        stories.append(story)
    return stories


def find_rising_words(
    X: sparse.csr_matrix,
    periods: Sequence[int] | NDArray[np.intp],
    n_before: int,
    max_groups: int = 10,
) -> Iterator[RisingWords]:
    """Yield groups of words that rose together, period by period, the greatest weight first.

    A word rose when three times as many documents as expected have it, and significantly so among
    all words of all periods; Dunning's log-likelihood ratio (1993) is its weight. Words that rose
    belong together where the same documents have them.

    Parameters
    ----------
    X : sparse.csr_matrix
        Word counts, n_documents × n_words.
    periods : Sequence[int]
        The position of each document's period (n_documents,).
    n_before : int
        How many periods before a period are compared with it; where there are fewer, those after it
        complete them.
    max_groups : int, default 10
        How many groups a period may have.
    """
    positions = np.asarray(periods)
    has_word = presence(X)
    candidates = list(_candidates(has_word, positions, n_before))
    n_tests = has_word.shape[1] * len(candidates)
    largest_p = _largest_significant([words.p for words in candidates], n_tests)
    for period, all_words in enumerate(candidates):
        words, weights = _risen_words(all_words, largest_p)
        if not len(words):
            continue
        documents = np.flatnonzero(positions == period)
        groups = []
        for group, rows in _group_words(has_word[documents], words, weights):
            columns = words[group][:_MAX_WORDS]
            rising = RisingWords(
                period,
                tuple(columns.tolist()),
                tuple(documents[rows].tolist()),
                float(weights[group].sum()),
            )
            groups.append(rising)
        groups.sort(key=lambda rising: (-rising.weight, rising.words))
        yield from groups[:max_groups]


class _Candidates(NamedTuple):
    """Words of a period that may have risen.

    ``words`` are columns, ``ratios`` their log-likelihood ratios, ``p`` how probable so many
    documents are by chance; all (n_candidates,).
    """

    words: NDArray[np.int32]
    ratios: NDArray[np.float64]
    p: NDArray[np.float64]


def _candidates(
    has_word: sparse.csr_matrix, positions: NDArray[np.intp], n_before: int
) -> Iterator[_Candidates]:
    """Yield the words of each period that three times as many documents as expected have.

    The expectation is itself counted from few documents, so that the number of documents by chance
    is negative binomial: Poisson with a mean that has a Gamma distribution.
    """
    for expectation, counts in _expected_counts(has_word, positions, n_before):
        least = _MIN_RATIO * (expectation.ratio * expectation.with_word[counts.indices])
        is_frequent = (counts.data >= _MIN_DOCUMENTS) & (counts.data >= least)
        words = counts.indices[is_frequent]
        observed = counts.data[is_frequent]
        with_word = expectation.with_word[words]
        expected = expectation.ratio * with_word
        excess = observed - expected
        ratios = 2 * (observed * np.log(observed / expected) - excess)
        p_of_none = 1 / (1 + expectation.ratio)
        p = np.asarray(stats.nbinom.sf(observed - 1, with_word, p_of_none))
        yield _Candidates(words, ratios, p)


def _largest_significant(p: Sequence[NDArray[np.float64]], n_tests: int) -> float:
    """Return the largest p value that is significant among all words of all periods.

    One in twenty of the significant may be chance (Benjamini & Hochberg 1995). Words that are no
    candidates count as tests, of *n_tests* in all.
    """
    values = np.sort(np.concatenate([np.zeros(0), *p]))
    ranks = np.arange(1, len(values) + 1)
    limits = SIGNIFICANCE_LEVEL * ranks / max(1, n_tests)
    passed = values[values <= limits]
    return float(passed[-1]) if len(passed) else -1.0


class _Expectation(NamedTuple):
    """How many documents of a period should have each word.

    ``with_word`` is how many documents have it (n_words,) among those compared with; ``ratio`` how
    many documents the period has for each of these.
    """

    with_word: NDArray[np.float64]
    ratio: float


def _expected_counts(
    has_word: sparse.csr_matrix, positions: NDArray[np.intp], n_before: int
) -> Iterator[tuple[_Expectation, sparse.csr_matrix]]:
    """Yield for each period how many of its documents should have each word, and how many do.

    The expectation is the share of documents with the word in the periods compared with, and, as
    if they had one more period of the usual size, in the whole corpus.
    """
    n_documents = len(positions)
    n_periods = int(positions.max()) + 1
    counts = sum_by_period(has_word, positions, n_periods)
    sizes = np.bincount(positions).astype(np.float64)
    usual_size = n_documents / np.count_nonzero(sizes)
    totals = np.asarray(counts.sum(axis=0))
    usual_share = totals.ravel() / n_documents
    with_word = np.zeros(has_word.shape[1])  # Documents of the window that have each word.
    window = set[int]()
    for period in range(n_periods):
        next_window = _window(period, n_periods, n_before)
        for added in next_window - window:
            row = counts[added]
            with_word[row.indices] += row.data
        for removed in window - next_window:
            row = counts[removed]
            with_word[row.indices] -= row.data
        window = next_window
        window_size = sizes[sorted(window)].sum()
        ratio = float(sizes[period] / (window_size + usual_size))
        yield _Expectation(with_word + usual_size * usual_share, ratio), counts[period]


def _window(period: int, n_periods: int, n_before: int) -> set[int]:
    """Return the periods that a period is compared with."""
    first = max(0, period - n_before)
    before = range(first, period)
    n_missing = n_before - len(before)
    end = period + 1 + n_missing
    after = range(period + 1, min(n_periods, end))
    return {*before, *after}


def _risen_words(
    candidates: _Candidates, largest_p: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the words (columns) whose rise is significant, and their log-likelihood ratios.

    The word with the highest ratio comes first.
    """
    is_risen = candidates.p <= largest_p
    words = candidates.words[is_risen]
    ratios = candidates.ratios[is_risen]
    order = np.lexsort((words, -ratios))
    first = order[:_MAX_RISEN_WORDS]
    return words[first], ratios[first]


def _group_words(
    has_word: sparse.csr_matrix, words: NDArray[np.int32], weights: NDArray[np.float64]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield groups of words that the same documents have, and these documents.

    *has_word* has the rows of one period. A group is positions in *words*, in their order; the
    documents are rows, those with the highest score first.
    """
    table = has_word[:, words]
    lengths = np.diff(has_word.indptr)
    labels = _cluster(table)
    for label in np.unique(labels):
        group = np.flatnonzero(labels == label)
        group_table = table[:, group]
        sums = np.asarray(group_table.sum(axis=1))
        n_words = sums.ravel()
        min_words = min(_MIN_WORDS_OF_STORY, len(group))
        rows = np.flatnonzero(n_words >= min_words)
        if len(rows) < _MIN_DOCUMENTS:
            continue
        scores = group_table[rows] @ weights[group]
        # Over the root of its length: a bundle of short items has words of every story.
        scores /= np.sqrt(lengths[rows])
        order = np.argsort(-scores, kind="stable")
        yield group, rows[order]


def _cluster(table: sparse.csr_matrix) -> NDArray[np.intp]:
    """Return a cluster number for each word (n_words,), by average linkage of cosine distances.

    *table* says which document has which word, n_documents × n_words.
    """
    if table.shape[1] == 1:
        return np.ones(1, dtype=np.intp)
    products = table.T @ table
    together = products.toarray()
    norms = np.sqrt(together.diagonal())
    cosine = together / np.outer(norms, norms)
    distance = np.maximum(1 - cosine, 0)
    condensed = squareform(distance, checks=False)
    tree = linkage(condensed, "average")
    labels = fcluster(tree, _MAX_COSINE_DISTANCE, "distance")
    return np.asarray(labels, dtype=np.intp)


def stories_about(text: str, stories: Sequence[Story]) -> list[Story]:
    """Return the stories that match a text, best match first.

    A match is a story's word that occurs in *text*, or a word of *text* (words are apart by spaces
    or punctuation) that occurs in a headline of the story's articles. A match weighs the more, the
    fewer stories have it.
    """
    text_words = _WORD.findall(text)
    matches = [_matches(text, text_words, story) for story in stories]
    n_stories_with = Counter(chain.from_iterable(matches))
    scores = {}
    for i, story_matches in enumerate(matches):
        if not story_matches:
            continue
        scores[i] = 0.0
        for match in story_matches:
            rarity = len(stories) / n_stories_with[match]
            scores[i] += np.log(1 + rarity)
    order = sorted(
        scores,
        key=lambda i: (-scores[i], -stories[i].weight),
    )
    return [stories[i] for i in order]


def _matches(text: str, text_words: Sequence[str], story: Story) -> list[str]:
    """Return the words of a story in a text, and the words of the text in its headlines."""
    matches = [word for word in story.words if word in text]
    headlines = "\n".join(article.headline for article in story.articles)
    for word in text_words:
        if word in headlines:
            matches.append(f"headline {word}")
    return matches
