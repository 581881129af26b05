"""Probabilities of n-grams of characters in sections, by absolute discounting, from their counts.

Interpolated absolute discounting is of Ney, Essen & Kneser 1994, "On structuring probabilistic
dependences in stochastic language modelling". It knows n-grams and counts, no texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError
from research.text.ngram_units import BEGIN
from research.text.ngrams import NGrams

NO_NGRAM = -1  # Column of an n-gram that is unknown.
_DISCOUNT = 0.8  # What is taken off every count and left to shorter n-grams.
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


class _Following(NamedTuple):
    """What follows contexts: how many characters, and how many different ones.

    Both arrays have the same shape, of contexts or of contexts × sections.
    """

    total: Numbers
    n_kinds: Numbers

    def at(self, places: Places) -> _Following:
        """Return what follows some of the contexts."""
        return _Following(
            total=self.total[places],
            n_kinds=self.n_kinds[places],
        )


class _Entries(NamedTuple):
    """The stored entries of a table n_texts × n_ngrams, in its order."""

    row: Places
    column: Places
    times: Numbers


class NgramProbabilities:
    """Log probabilities of n-grams' last characters in every section.

    Parameters
    ----------
    ngrams
        The fitted vectorizer, of n-grams of 1 to *longest* characters.
    counts
        n_ngrams × n_sections: how often each section has each n-gram.

    Attributes
    ----------
    log_proba
        n_ngrams + 1 × n_sections, of each n-gram's last character after the others. The last row
        is an unknown character's.
    backoff
        n_ngrams + 1 × n_sections, of falling back from an n-gram to a shorter one.

    Raises
    ------
    InputError
        Where an n-gram's parts are not among the n-grams.
    """

    def __init__(self, ngrams: NGrams, counts: NDArray[np.uint32]) -> None:
        self.counts = counts
        self._longest = ngrams.ngrams[1]
        self._before, self._shorter = ngrams.parts()
        sizes = [len(name) for name in ngrams.names]
        self._size = np.array(sizes, dtype=np.intp)
        self._check_parts(ngrams)
        self._begin = ngrams.names.index(BEGIN)
        self._following = self._count_following()
        proba = self._discount_all()
        self.log_proba = np.log(proba)
        self.backoff = self._fall_back()

    def leave_one_out(self, occurs: sparse.csr_matrix, labels: Places) -> Numbers:
        """Return log probabilities of training texts by the counts of all other texts.

        A text's counts are subtracted from those of its section first.

        Parameters
        ----------
        occurs
            n_texts × n_ngrams counts, columns in order, 0 for a text's beginning.
        labels
            n_texts numbers of sections.

        Returns
        -------
        ndarray
            n_texts × n_sections.
        """
        n_texts = len(labels)
        texts = np.arange(n_texts)
        n_entries = np.diff(occurs.indptr)
        row = np.repeat(texts, n_entries)
        entries = _Entries(
            row=row,
            column=occurs.indices.astype(np.intp),
            times=occurs.data.astype(np.float64),
        )
        is_longest = self._is_longest()
        n_scored = entries.times * is_longest[entries.column]
        parts = (n_scored, entries.column, occurs.indptr)
        scored = sparse.csr_matrix(parts, shape=occurs.shape)
        log_proba: Numbers = scored @ self.log_proba[:-1]
        proba = self._discount_by_others(entries, labels)
        by_entry = n_scored * np.log(proba)
        by_text = np.bincount(row, by_entry, n_texts)
        log_proba[texts, labels] = by_text
        return log_proba

    def _check_parts(self, ngrams: NGrams) -> None:
        """Raise InputError where an n-gram's parts are not among the n-grams."""
        is_long = self._size > 1
        lacks_before = self._before < 0
        lacks_shorter = self._shorter < 0
        lacks_part = lacks_before | lacks_shorter
        is_broken = is_long & lacks_part
        if BEGIN not in ngrams.names or is_broken.any():
            raise InputError(
                "the language model has n-grams without their parts; train the run again"
            )

    def _count_following(self) -> _Following:
        """Return what follows each n-gram, and last the empty one: n_ngrams + 1 × n_sections."""
        n_ngrams, n_sections = self.counts.shape
        contexts, number = np.unique(self._before, return_inverse=True)
        ones = np.ones(n_ngrams)
        cells = (number, np.arange(n_ngrams))
        by_context = sparse.csr_matrix((ones, cells))
        counts = self.counts.astype(np.float64)
        is_kind = self.counts > 0
        occurs = is_kind.astype(np.float64)
        shape = (n_ngrams + 1, n_sections)
        total = np.zeros(shape)
        n_kinds = np.zeros(shape)
        total[contexts] = by_context @ counts
        n_kinds[contexts] = by_context @ occurs
        return _Following(total, n_kinds)

    def _discount_all(self) -> Numbers:
        """Return each n-gram's probability of its last character: n_ngrams + 1 × n_sections."""
        following = self._following
        proba = np.full(following.total.shape, self._unknown_proba)
        for places in self._by_size(self._size):
            contexts = self._before[places]
            shorter = self._shorter[places]
            proba[places] = _discount(
                times=self.counts[places].astype(np.float64),
                following=following.at(contexts),
                lower=proba[shorter],
            )
        empty = _Following(
            total=following.total[-1],
            n_kinds=following.n_kinds[-1],
        )
        proba[-1] = _discount(
            times=np.zeros(1),
            following=empty,
            lower=self._unknown_proba,
        )
        return proba

    def _fall_back(self) -> Numbers:
        """Return the log probability of falling back from each n-gram that has followers."""
        backoff = np.zeros_like(self.log_proba)
        contexts = np.unique(self._before)
        is_known = contexts >= 0
        contexts = contexts[is_known]
        following = self._following.at(contexts)
        share = _discount(
            times=np.zeros(1),
            following=following,
            lower=1.0,
        )
        backoff[contexts] = np.log(share)
        return backoff

    def _is_longest(self) -> NDArray[np.bool_]:
        """Return which n-grams are the longest that end at their last character.

        They are those of the most characters, and those that begin with a text's beginning.
        """
        columns = np.arange(len(self.counts))
        from_begin = columns == self._begin
        for places in self._by_size(self._size):
            context = self._before[places]
            has_context = context >= 0
            continues = from_begin[context] & has_context
            from_begin[places] |= continues
        from_begin &= self._size > 1
        has_most = self._size == self._longest
        is_longest: NDArray[np.bool_] = from_begin | has_most
        return is_longest

    def _discount_by_others(self, entries: _Entries, labels: Places) -> Numbers:
        """Return each entry's probability in its text's section, by the other texts' counts."""
        column = entries.column
        size = self._size[column]
        section = labels[entries.row]
        context, shorter = self._parts_of_entries(entries, size)
        section_counts = self.counts[column, section]
        n_others = section_counts - entries.times
        is_only_text = (n_others == 0) & (entries.times > 0)
        before = self._before[column]
        total = self._following.total[before, section]
        n_kinds = self._following.n_kinds[before, section]
        text_total = np.bincount(context, entries.times)
        text_kinds = np.bincount(context, is_only_text)
        total -= text_total[context]
        n_kinds -= text_kinds[context]
        by_others = _Following(total, n_kinds)
        # The last number is an unknown character's: a single character falls back to it.
        n_entries = len(column)
        proba = np.full(n_entries + 1, self._unknown_proba)
        for places in self._by_size(size):
            shorter_entries = shorter[places]
            proba[places] = _discount(
                times=n_others[places],
                following=by_others.at(places),
                lower=proba[shorter_entries],
            )
        return proba[:-1]

    def _parts_of_entries(self, entries: _Entries, size: Places) -> tuple[Places, Places]:
        """Return the entries of each entry's context and shorter n-gram in the same text.

        The context of a single character is its text, numbered after all entries.
        """
        before = self._before[entries.column]
        shorter = self._shorter[entries.column]
        first_key = entries.row * len(self.counts)
        keys = first_key + entries.column
        context_keys = first_key + before
        shorter_keys = first_key + shorter
        context_entry = np.searchsorted(keys, context_keys)
        shorter_entry = np.searchsorted(keys, shorter_keys)
        is_single = size == 1
        texts = entries.row[is_single]
        context_entry[is_single] = len(keys) + texts
        shorter_entry[is_single] = -1
        return context_entry, shorter_entry

    @property
    def _unknown_proba(self) -> float:
        """Probability of any character where nothing is known.

        As many characters may occur as training has, with an unknown one in the place of the
        text's beginning.
        """
        is_single = self._size == 1
        n_characters = float(is_single.sum())
        return 1 / n_characters

    def _by_size(self, sizes: Places) -> Iterator[Places]:
        """Yield the places of single characters, then of pairs, …"""
        for n in range(1, self._longest + 1):
            yield np.flatnonzero(sizes == n)


def _discount(times: Numbers, following: _Following, lower: Numbers | float) -> Numbers:
    """Return probabilities of characters after their contexts, by absolute discounting.

    Parameters
    ----------
    times
        How often each character follows its context.
    following
        What follows each context.
    lower
        Probabilities after shorter contexts, which share what is discounted; they are returned
        where nothing follows a context.
    """
    discounted = np.maximum(times - _DISCOUNT, 0)
    shared = _DISCOUNT * following.n_kinds * lower
    share = discounted + shared
    proba = share / np.maximum(following.total, 1)
    has_followers = following.total > 0
    return np.where(has_followers, proba, lower)
