"""How many topics a corpus has room for, and the words that warn of more.

Nothing here fits a model. Topics of a handful of documents look coherent and stable on the corpus
that they were learned from, and are in no other.
"""

from __future__ import annotations

import logging

import numpy as np
from scipy import sparse

from research.topics.counts import CountsLike, checked_counts

MIN_DOCUMENTS_PER_TOPIC = 10
MIN_TOKENS_PER_TOPIC = 1_000
FEWEST_TOPICS = 2
_log = logging.getLogger(__name__)


def most_topics(X: CountsLike) -> int:
    """Return how many topics a corpus has room for.

    Every topic needs ten documents and 1,000 tokens on average; two topics are always allowed.

    Parameters
    ----------
    X
        Counts, n_documents × n_words, as :meth:`research.TopicModel.fit` takes them. A document
        without a word does not count; where counts are weights below 1, each is one token.
    """
    counts = checked_counts(X)
    n_documents = int(np.count_nonzero(np.diff(counts.indptr)))
    n_tokens = max(float(counts.data.sum(dtype=np.float64)), counts.nnz)
    most = min(n_documents // MIN_DOCUMENTS_PER_TOPIC, int(n_tokens // MIN_TOKENS_PER_TOPIC))
    return max(FEWEST_TOPICS, most)


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
    """Log a warning where *n_topics* are too many for these counts."""
    warning = describe_excess(n_topics, most_topics(X))
    if warning:
        _log.warning(warning)
