"""How many topics, and does another sample show the same ones? Nothing here writes a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import clone

from research.errors import InputError
from research.files import Progress, report_progress
from research.topics.counts import CountsLike, checked_counts
from research.topics.metrics import diversity, matched_overlap, npmi, top_columns
from research.topics.model import TopicModel

_RESAMPLES = 3
_SHARE_OF_A_RESAMPLE = 0.8
_STABILITY_WORDS = 20  # Top words of a topic that are compared.
_COHERENCE_WORDS = 10  # Top words of a topic in NPMI and diversity.
_HELD_OUT_SHARE = 0.1
_REPORTED_DIGITS = 4


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


@dataclass(frozen=True, slots=True)
class Stability:
    """How far topics of different samples agree, from 0 to 1.

    Attributes
    ----------
    mean
        Mean over pairs of fits.
    topics
        Agreement of each topic, (n_topics,).
    """

    mean: float
    topics: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """A recommended number of topics.

    Attributes
    ----------
    n_topics
        The number.
    reason
        Why, in one line.
    rows
        Figures of each number tried, rising; see :func:`choose_n_topics`.
    """

    n_topics: int
    reason: str
    rows: tuple[dict[str, float], ...]


def stability(X: CountsLike, model: TopicModel, progress: Progress | None = None) -> Stability:
    """Fit a model anew on three random 80 % of the documents, each with its seed; compare topics.

    The figure is the mean Jaccard overlap of the 20 most probable words of topics matched one to
    one, over the pairs of fits (Greene, O'Callaghan & Cunningham 2014 match likewise); 1 means the
    same topics for any sample.

    Parameters
    ----------
    X
        Counts, n_documents × n_words, as :meth:`research.TopicModel.fit` takes them.
    model
        Model to fit anew; it is not changed.
    progress
        Called with "stability", fits done and fits to do.

    Returns
    -------
    The mean, and one figure per topic: those of *model* where it is fitted, else the first fit's.
    """
    counts = checked_counts(X)
    resamples = []
    for resample in range(_RESAMPLES):
        resamples.append(_top_words_of_resample(counts, model, resample))
        report_progress(progress, "stability", resample + 1, _RESAMPLES)
    overlaps = []
    for one, other in combinations(resamples, 2):
        overlaps.append(matched_overlap(one, other))
    if hasattr(model, "components_"):
        reference = top_columns(model.components_, _STABILITY_WORDS)
        others = resamples
    else:
        reference, *others = resamples
    per_topic = [matched_overlap(reference, other) for other in others]
    return Stability(
        mean=float(np.mean(overlaps)),
        topics=np.mean(per_topic, axis=0),
    )


def choose_n_topics(
    X: CountsLike,
    candidates: Sequence[int],
    model: TopicModel | None = None,
    progress: Progress | None = None,
) -> Choice:
    """Fit a model with each number of topics and recommend one.

    Recommended is the number with the best mean of stability, coherence and minus log perplexity,
    each scaled to its range; of equals the smaller. Perplexity alone would nearly always ask for
    more topics, coherence and stability for fewer (Chang et al., "Reading tea leaves", 2009): the
    choice depends on the range tried, so look at the rows.

    Parameters
    ----------
    X
        Counts, n_documents × n_words, as :meth:`research.TopicModel.fit` takes them.
    candidates
        Numbers of topics, each 2 or more.
    model
        Model whose other parameters are used; it is not changed. ``TopicModel()`` where None.
    progress
        Called with "number of topics", numbers done and numbers to do.

    Returns
    -------
    The choice. Its rows hold ``n_topics``, ``perplexity`` (document completion on 10 %
    held-out documents), ``coherence_npmi``, ``diversity`` and ``stability``.

    Raises
    ------
    InputError
        If there is no candidate, or one below 2.
    """
    numbers = _checked_numbers(candidates)
    model = model or TopicModel()
    counts = checked_counts(X)
    train, held_out = _train_and_held_out(counts, model.random_state)
    rows = []
    for done, number in enumerate(numbers, 1):
        candidate = clone(model).set_params(n_topics=number)
        figures = _figures(candidate, train, held_out, counts)
        rows.append({"n_topics": number, **figures})
        report_progress(progress, "number of topics", done, len(numbers))
    best = _best_row(rows)
    return Choice(
        n_topics=int(best["n_topics"]),
        reason=_reason(best, rows),
        rows=tuple(rows),
    )


def _checked_numbers(candidates: Sequence[int]) -> list[int]:
    numbers = sorted(set(candidates))
    if not numbers or numbers[0] < 2:
        raise InputError(
            f"candidates are {list(candidates)}; "
            "give numbers of topics from 2 upwards, such as [10, 20, 40]"
        )
    return numbers


def _top_words_of_resample(
    X: sparse.csr_matrix, model: TopicModel, resample: int
) -> NDArray[np.intp]:
    """Return the top words of a copy of *model* fitted on a random part of the documents."""
    seed = model.random_state
    rng = np.random.default_rng([seed, resample])
    n_documents = X.shape[0]
    n_rows = int(_SHARE_OF_A_RESAMPLE * n_documents)
    rows = rng.choice(n_documents, max(1, n_rows), replace=False)
    rows.sort()
    fitted = clone(model)
    fitted.set_params(random_state=seed + resample)
    fitted.fit(X[rows])
    return top_columns(fitted.components_, _STABILITY_WORDS)


def _train_and_held_out(
    X: sparse.csr_matrix, seed: int
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    n_documents = X.shape[0]
    rng = np.random.default_rng(seed)
    order = rng.permutation(n_documents)
    n_held_out = int(_HELD_OUT_SHARE * n_documents)
    held_out, train = np.split(order, [max(1, n_held_out)])
    return X[np.sort(train)], X[np.sort(held_out)]


def _figures(
    candidate: TopicModel,
    train: sparse.csr_matrix,
    held_out: sparse.csr_matrix,
    X: sparse.csr_matrix,
) -> dict[str, float]:
    """Return the rounded figures of one number of topics; X is all documents."""
    fitted = clone(candidate).fit(train)
    top_words = top_columns(fitted.components_, _COHERENCE_WORDS).tolist()
    figures = {
        "perplexity": fitted.perplexity(held_out),
        "coherence_npmi": float(np.mean(npmi(top_words, X))),
        "diversity": diversity(top_words),
        "stability": stability(X, candidate).mean,
    }
    return {name: round(value, _REPORTED_DIGITS) for name, value in figures.items()}


def _best_row(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    stabilities = [row["stability"] for row in rows]
    coherences = [row["coherence_npmi"] for row in rows]
    log_perplexities = [float(np.log(row["perplexity"])) for row in rows]
    scores = [
        _scaled(stabilities),
        _scaled(coherences),
        _scaled([-value for value in log_perplexities]),
    ]
    means = np.mean(scores, axis=0)
    return rows[int(np.argmax(means))]


def _reason(best: dict[str, float], rows: Sequence[dict[str, float]]) -> str:
    figures = []
    for criterion in _CRITERIA:
        figures.append(_figure_beside_range(best, rows, criterion))
    return (
        f"{best['n_topics']} topics balance best, "
        f"of {len(rows)} numbers tried: {', '.join(figures)}"
    )


def _figure_beside_range(
    best: dict[str, float], rows: Sequence[dict[str, float]], criterion: _Criterion
) -> str:
    key, title, form = criterion
    values = [row[key] for row in rows]
    least = format(min(values), form)
    most = format(max(values), form)
    figure = format(best[key], form)
    return f"{title} {figure} ({least} to {most})"


def _scaled(values: Sequence[float]) -> NDArray[np.float64]:
    """Scale values to 0 … 1; equal values are all 0."""
    low, high = min(values), max(values)
    if high <= low:
        return np.zeros(len(values))
    span = high - low
    scaled = [(value - low) / span for value in values]
    return np.array(scaled)
