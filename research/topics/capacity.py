"""How many topics a corpus has room for, and the words that warn of more.

Nothing here fits a model. Topics of a handful of documents look coherent and stable on the corpus
that they were learned from, and are in no other.
"""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from research.errors import InputError
from research.topics.counts import CountsLike, checked_counts, rows_with_words

MIN_DOCUMENTS_PER_TOPIC = 10
MIN_TOKENS_PER_TOPIC = 1_000
FEWEST_TOPICS = 2
_log = logging.getLogger(__name__)


def most_topics(X: CountsLike, groups: ArrayLike | None = None) -> int:
    """Return how many topics a corpus has room for.

    Every topic needs ten documents and 1,000 tokens on average; two topics are always allowed.

    Parameters
    ----------
    X
        Counts, n_documents × n_words, as :meth:`research.TopicModel.fit` takes them. A document
        without a word does not count; where counts are weights below 1, each is one token.
    groups
        The article that each document is a passage of, n_documents numbers: then articles are
        counted, not passages.
    """
    return room_for_topics(checked_counts(X), groups)


def room_for_topics(counts: sparse.csr_matrix, groups: ArrayLike | None = None) -> int:
    """Return what :func:`most_topics` does of counts that are checked."""
    with_words = rows_with_words(counts)
    n_documents = int(np.count_nonzero(with_words))
    if groups is not None:
        n_documents = len(np.unique(checked_groups(groups, counts)[with_words]))
    n_tokens = max(float(counts.data.sum(dtype=np.float64)), counts.nnz)
    most = min(n_documents // MIN_DOCUMENTS_PER_TOPIC, int(n_tokens // MIN_TOKENS_PER_TOPIC))
    return max(FEWEST_TOPICS, most)


def checked_groups(groups: ArrayLike, X: sparse.csr_matrix) -> NDArray[np.intp]:
    """Return the group of each row of *X* as numbers from 0; refuse another length."""
    labels = np.asarray(groups)
    if labels.shape != (X.shape[0],):
        raise InputError(
            f"groups have shape {labels.shape}, and X has {X.shape[0]} documents; give one each"
        )
    return np.unique(labels, return_inverse=True)[1]


def describe_excess(n_topics: int, most: int) -> str:
    """Return the warning that a corpus has room for fewer topics, "" where it has room."""
    if n_topics <= most:
        return ""
    return (
        f"{n_topics} topics are too many for this corpus: a topic needs {MIN_DOCUMENTS_PER_TOPIC} "
        f"documents and {MIN_TOKENS_PER_TOPIC:,} words on average, and those of fewer are not in "
        f"any other sample; take {most} at most"
    )


def warn_of_excess(X: sparse.csr_matrix, n_topics: int) -> None:
    """Log a warning where *n_topics* are too many for these checked counts."""
    warning = describe_excess(n_topics, room_for_topics(X))
    if warning:
        _log.warning(warning)
