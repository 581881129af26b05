"""The search for a number of topics: fits on halves of the documents, each judged by the other.

A topic of one document's words is coherent and comes back in samples that hold the document; in the
other half it has no counterpart. Nothing here knows the class of the model that it fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import clone

from research.errors import InputError
from research.files import Progress, report_progress
from research.topics.capacity import (
    FEWEST_TOPICS,
    checked_groups,
    describe_excess,
    room_for_topics,
)
from research.topics.counts import rows_with_words
from research.topics.metrics import diversity, matched_overlap, npmi, top_columns

if TYPE_CHECKING:
    from research.topics.model import TopicModel

Row = dict[str, float]

STABILITY_WORDS = 20  # Top words of a topic that are compared.
_COHERENCE_WORDS = 10  # Top words of a topic in NPMI and diversity.
_MIN_DOCUMENTS = 4
_SPLITS, _SPLITS_OF_MANY, _MANY_DOCUMENTS = 3, 1, 10_000  # Into halves, for each number.
_MOST_PASSES = 15  # More do not change which number is best.
_STEPS_PER_DOUBLING = 2  # Of the numbers that "auto" tries: 2, 3, 4, 6, 8, 11, …
_MAX_TOPICS = 1_024
_PATIENCE = 3  # Numbers tried after the one with the lowest cost.
# Of log perplexity, that twice as many topics must save: then a topic more lowers the perplexity by
# more than it lengthens the reading of the topics.
_COST_OF_A_DOUBLING = 0.12
_NO_DIFFERENCE = 0.01  # Of the same sum: of numbers as close to the best, the smallest.
_LEAST_COHERENCE = 0.0  # In the other half: words meet there as often as by chance.
_REPORTED_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A recommended number of topics.

    Attributes
    ----------
    n_topics
        The number.
    reason
        Why, in one line; it ends with a warning where the number is too large for the corpus.
    rows
        Figures of each number tried, rising; see :func:`research.choose_n_topics`.
    """

    n_topics: int
    reason: str
    rows: tuple[Row, ...]


class _Documents(NamedTuple):
    """Counts of documents with words, and the group of each, from 0: the article it is of."""

    counts: sparse.csr_matrix
    groups: NDArray[np.intp]

    @property
    def n_groups(self) -> int:
        return len(np.unique(self.groups))


class _Criterion(NamedTuple):
    """A figure that the reason of a choice shows: its key in the rows, its title and its format."""

    key: str
    title: str
    form: str


_CRITERIA = (
    _Criterion("stability", "stability", ".2f"),
    _Criterion("coherence_npmi", "coherence", ".2f"),
    _Criterion("perplexity", "held-out perplexity", ".0f"),
)


def search(
    X: sparse.csr_matrix,
    candidates: Sequence[int] | Literal["auto"],
    model: TopicModel,
    progress: Progress | None,
    groups: ArrayLike | None = None,
) -> Choice:
    """Return the recommended number of topics, as :func:`research.choose_n_topics` describes.

    *X* is CSR counts, n_documents × n_words.
    """
    documents = _documents(X, groups)
    n_documents = documents.n_groups
    if n_documents < _MIN_DOCUMENTS:
        raise InputError(
            f"X has {n_documents} documents with words; a number of topics can be chosen from "
            f"{_MIN_DOCUMENTS} on: give n_topics as a number"
        )
    most = room_for_topics(documents.counts, documents.groups)
    numbers = _numbers(candidates, most, len(model.seeds))
    rows: list[Row] = []
    for done, number in enumerate(numbers, 1):
        candidate = _candidate(model, number)
        rows.append({"n_topics": number, **_figures(documents, candidate)})
        report_progress(progress, "number of topics", done, len(numbers))
        is_last = isinstance(candidates, str) and done - 1 - _lowest(rows, most) >= _PATIENCE
        if is_last:
            report_progress(progress, "number of topics", done, done)
            break
    best = rows[_best(rows, most)]
    return Choice(
        n_topics=int(best["n_topics"]),
        reason=_reason(best, rows, most),
        rows=tuple(rows),
    )


def _documents(X: sparse.csr_matrix, groups: ArrayLike | None) -> _Documents:
    """Return the documents that have words; each is a group of its own where there are none."""
    with_words = rows_with_words(X)
    labels = np.arange(X.shape[0]) if groups is None else checked_groups(groups, X)
    numbers = np.unique(labels[with_words], return_inverse=True)[1]
    return _Documents(X[with_words], numbers)


def _numbers(candidates: Sequence[int] | str, most: int, n_seeded: int) -> list[int]:
    """Return the numbers to try, rising; there are as many topics as sets of seed words."""
    if isinstance(candidates, str):
        if candidates != "auto":
            raise _wrong_candidates(candidates)
        return _grid(max(FEWEST_TOPICS, n_seeded), most)
    if not isinstance(candidates, Iterable):
        raise _wrong_candidates(candidates)
    numbers = list(candidates)
    if not numbers or not all(_is_number_of_topics(number) for number in numbers):
        raise _wrong_candidates(numbers)
    return sorted({int(number) for number in numbers})


def _is_number_of_topics(number: object) -> bool:
    return isinstance(number, Integral) and int(number) >= FEWEST_TOPICS


def _grid(fewest: int, most: int) -> list[int]:
    """Return numbers of topics, each about 1.4 times the one before."""
    n_steps = _STEPS_PER_DOUBLING * int(np.log2(_MAX_TOPICS))
    numbers = []
    for step in range(_STEPS_PER_DOUBLING, n_steps + 1):
        number = round(2 ** (step / _STEPS_PER_DOUBLING))
        if fewest <= number <= most:
            numbers.append(number)
    return numbers or [fewest]


def _wrong_candidates(candidates: object) -> InputError:
    return InputError(
        f"candidates are {candidates}; "
        'give numbers of topics from 2 upwards, such as [10, 20, 40], or "auto"'
    )


def _candidate(model: TopicModel, n_topics: int) -> TopicModel:
    """Return an unfitted copy that is quick to fit: figures need to be compared, not the best."""
    candidate: TopicModel = clone(model)
    candidate.set_params(n_topics=n_topics, passes=min(model.passes, _MOST_PASSES))
    if isinstance(model.start, str) and model.start == "consensus":
        candidate.set_params(start="factorised")
    return candidate


def _figures(documents: _Documents, candidate: TopicModel) -> Row:
    """Return the rounded means over splits and halves."""
    n_splits = _SPLITS if documents.n_groups < _MANY_DOCUMENTS else _SPLITS_OF_MANY
    measured = []
    for split in range(n_splits):
        measured += _figures_of_halves(documents, candidate, split)
    names = measured[0].keys()
    figures = {}
    for name in names:
        mean = np.mean([half[name] for half in measured])
        figures[name] = round(float(mean), _REPORTED_DIGITS)
    return figures


def _figures_of_halves(documents: _Documents, candidate: TopicModel, split: int) -> list[Row]:
    """Return the figures of either half's topics, judged by the other half."""
    halves = _halves(documents, candidate.random_state, split)
    fits = [clone(candidate).fit_quietly(half) for half in halves]
    top_words = [top_columns(fitted.topic_word_, STABILITY_WORDS) for fitted in fits]
    overlap = overlap_beyond_chance(top_words[0], top_words[1], split)
    figures = []
    for fitted, columns, other_half in zip(fits, top_words, reversed(halves), strict=True):
        words = columns[:, :_COHERENCE_WORDS].tolist()
        figures.append(
            {
                "perplexity": fitted.perplexity(other_half),
                "coherence_npmi": float(np.mean(npmi(words, other_half))),
                "diversity": diversity(words),
                "stability": overlap,
            }
        )
    return figures


def _halves(documents: _Documents, seed: int, split: int) -> list[sparse.csr_matrix]:
    """Divide the documents at random; those of one group stay together."""
    rng = np.random.default_rng([seed, split])
    order = rng.permutation(documents.n_groups)
    halves = []
    for groups in np.array_split(order, 2):
        halves.append(documents.counts[np.isin(documents.groups, groups)])
    return halves


def overlap_beyond_chance(some: NDArray[np.intp], others: NDArray[np.intp], seed: int = 0) -> float:
    """Return the matched overlap of topics' top words, 0 where it is that of chance, 1 at most.

    Chance is the matched overlap after the same words were dealt to the topics at random. Rows of
    *some* and *others* are topics, entries their top words.
    """
    rng = np.random.default_rng(seed)
    dealt = []
    for words in (some, others):
        dealt.append(rng.permutation(words.ravel()).reshape(words.shape))
    by_chance = float(matched_overlap(dealt[0], dealt[1]).mean())
    measured = float(matched_overlap(some, others).mean())
    if by_chance >= 1:
        return 0.0
    return (measured - by_chance) / (1 - by_chance)


def _lowest(rows: Sequence[Row], most: int) -> int:
    """Return the place of the row with the lowest cost; of none that is allowed, the first."""
    return int(np.argmin(_costs(rows, most)))


def _best(rows: Sequence[Row], most: int) -> int:
    """Return the place of the smallest number near the lowest cost."""
    costs = _costs(rows, most)
    limit = min(costs) + _NO_DIFFERENCE
    return int(np.argmax([cost <= limit for cost in costs]))


def _costs(rows: Sequence[Row], most: int) -> list[float]:
    """Return what each number costs; infinity where it is not allowed."""
    costs = []
    for row in rows:
        n_topics = row["n_topics"]
        is_allowed = n_topics <= most and row["coherence_npmi"] >= _LEAST_COHERENCE
        cost = float(np.log(row["perplexity"]) + _COST_OF_A_DOUBLING * np.log2(n_topics))
        costs.append(cost if is_allowed else np.inf)
    return costs


def _reason(best: Row, rows: Sequence[Row], most: int) -> str:
    figures = []
    for criterion in _CRITERIA:
        figures.append(_figure_beside_range(best, rows, criterion))
    n_topics = int(best["n_topics"])
    reason = (
        f"{n_topics} topics balance best, of {len(rows)} numbers tried: {', '.join(figures)}; "
        "topics of each half of the documents were judged by the other half"
    )
    warning = describe_excess(n_topics, most)
    if warning:
        return f"{reason}; {warning}"
    if best["coherence_npmi"] < _LEAST_COHERENCE:
        return (
            f"{reason}; words of its topics meet there less often than by chance: trust it little"
        )
    return reason


def _figure_beside_range(best: Row, rows: Sequence[Row], criterion: _Criterion) -> str:
    key, title, form = criterion
    values = [row[key] for row in rows]
    least = format(min(values), form)
    most = format(max(values), form)
    figure = format(best[key], form)
    return f"{title} {figure} ({least} to {most})"
