"""How many topics, and does another sample show the same ones? Nothing here writes a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import clone

from research.files import Progress, report_progress
from research.topics.capacity import warn_of_excess
from research.topics.counts import CountsLike, checked_counts
from research.topics.metrics import matched_overlap, top_columns
from research.topics.model import TopicModel
from research.topics.search import STABILITY_WORDS, Choice, search

_RESAMPLES = 3
_SHARE_OF_A_RESAMPLE = 0.8


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
    own_words = None
    if hasattr(model, "components_"):
        own_words = top_columns(model.topic_word_, STABILITY_WORDS)
    model = _with_number(model, counts)
    resamples = []
    for resample in range(_RESAMPLES):
        resamples.append(_top_words_of_resample(counts, model, resample))
        report_progress(progress, "stability", resample + 1, _RESAMPLES)
    overlaps = []
    for one, other in combinations(resamples, 2):
        overlaps.append(matched_overlap(one, other))
    if own_words is not None:
        reference = own_words
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
    candidates: Sequence[int] | Literal["auto"] = "auto",
    model: TopicModel | None = None,
    progress: Progress | None = None,
    groups: ArrayLike | None = None,
) -> Choice:
    """Fit a model with each number of topics on halves of the documents and recommend one.

    The topics of one half are judged by the other, which topics of single documents cannot deceive.
    Recommended is the number with the lowest perplexity where every doubling must lower it by a
    ninth, among those that the corpus has room for (:func:`research.most_topics`) and whose words
    meet in the other half at least as often as by chance; where there is none, the smallest.
    Perplexity alone would nearly always ask for more topics (Chang et al., "Reading tea leaves",
    2009): the number is a compromise, so look at the rows.

    Parameters
    ----------
    X
        Counts, n_documents × n_words, as :meth:`research.TopicModel.fit` takes them.
    candidates
        Numbers of topics, each 2 or more; "auto" tries 2, 3, 4, 6, 8, 11, … while these get better
        and the corpus has room.
    model
        Model whose other parameters are used; it is not changed. ``TopicModel()`` where None. Fits
        are shorter than its own: 15 passes at most, from one factorisation where it starts from a
        consensus.
    progress
        Called with "number of topics", numbers done and numbers to do.
    groups
        The article that each document is a passage of, n_documents numbers: passages of one article
        stay in one half.

    Returns
    -------
    The choice. Its rows hold ``n_topics``, ``perplexity`` (document completion), ``coherence_npmi``
    (both in the other half), ``diversity`` and ``stability`` (the matched overlap of the top 20
    words of both halves' topics, 0 where it is that of chance).

    Raises
    ------
    InputError
        If there is no candidate, or one below 2, or fewer than four documents have words.
    """
    return search(checked_counts(X), candidates, model or TopicModel(), progress, groups)


def _with_number(model: TopicModel, X: sparse.csr_matrix) -> TopicModel:
    """Return *model* with n_topics as a number; warn of too many, as a fitted model has done."""
    is_fitted = hasattr(model, "components_")
    if model.n_topics == "auto":
        n_topics = len(model.components_) if is_fitted else search(X, "auto", model, None).n_topics
        model = clone(model).set_params(n_topics=n_topics)
    elif not is_fitted:
        warn_of_excess(X, model.n_topics)
    return model


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
    fitted.fit_quietly(X[rows])
    return top_columns(fitted.topic_word_, STABILITY_WORDS)
