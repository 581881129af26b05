"""Language models of characters, one a section: in whose words is a text likelier written?

An n-gram's column says that it occurs; a language model also knows what else could have stood there, and falls back on shorter
n-grams where it knows little. Interpolated absolute discounting (Ney, Essen & Kneser 1994); for labelling texts, Chinese ones among
them, Peng, Schuurmans & Wang 2004, "Augmenting naive Bayes classifiers with statistical language models".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError
from research.text.ngram_units import BEGIN
from research.text.ngrams import NGrams

_DISCOUNT = 0.8
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


class LanguageScores:
    """The vectorizer of ``language`` blocks: texts and their sections → n_texts × n_sections, float32.

    A column is the log probability of a text's characters by a section's model of n-grams up to *longest*, less the sections' mean,
    over the root of the text's length; rows have a root mean square length of 1 in training, so that a block's weight means what it
    means for other blocks. Texts that are learned from are scored as if they had not been: each by the counts of all others.
    """

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.ngrams = NGrams("characters", (1, longest), edges=True, weigh="count")

    def fit_transform(
        self, texts: Sequence[str], sections: Sequence[str] | None
    ) -> sparse.csr_matrix:
        """Learn every section's language and return the scores of the same texts, each by the others."""
        if sections is None:
            raise InputError(
                "features of kind language learn from sections; give them: fit_transform(articles, sections)"
            )
        texts = _plain(texts)
        names, labels = np.unique(np.asarray(sections), return_inverse=True)
        self.sections = tuple(names.tolist())
        occurs = self.ngrams.fit_transform(texts).tocsr()
        occurs.sort_indices()
        occurs.data[occurs.indices == self.ngrams.names.index(BEGIN)] = (
            0  # A text's beginning has no probability: nothing comes before.
        )
        own = sparse.csr_matrix((np.ones(len(labels)), (np.arange(len(labels)), labels)))
        total, kinds = self._learn(np.asarray((occurs.T @ own).todense()).astype(np.uint32))
        scores = self._by_length(self._leave_one_out(occurs, labels, total, kinds), texts)
        self.scale = float(np.sqrt(np.mean(np.sum(scores**2, axis=1)))) or 1.0
        return sparse.csr_matrix((scores / self.scale).astype(np.float32))

    def restore(
        self,
        names: Sequence[str],
        sections: Sequence[str],
        counts: NDArray[np.uint32],
        scale: float,
    ) -> Self:
        """Become what counted these n-grams so often in each section (n_ngrams × n_sections)."""
        if counts.shape != (len(names), len(sections)):
            raise InputError(
                f"{len(names)} n-grams and {len(sections)} sections, but counts of {counts.shape}; train the run again"
            )
        self.ngrams.restore(names, None)
        self.sections, self.scale = tuple(sections), scale
        self._learn(counts)
        return self

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the scores of texts."""
        scores = np.zeros((len(texts), len(self.sections)))
        for rows, told in self._by_character(texts):
            first = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
            scores[rows[first]] = np.add.reduceat(told, first)
        return sparse.csr_matrix((self._by_length(scores, texts) / self.scale).astype(np.float32))

    def contributions(self, text: str, weights: Numbers) -> Numbers:
        """Return what each character adds to ``transform([text]) @ weights``.

        The text's end is counted with the last character.
        """
        _, log_probabilities = next(self._by_character([text]))
        texts = [text] * len(log_probabilities)
        added = self._by_length(log_probabilities, texts) @ weights / self.scale
        return np.append(added[:-2], added[-2:].sum())[: len(text)]

    def _learn(self, counts: NDArray[np.uint32]) -> tuple[Numbers, Numbers]:
        """Find the log probability of every n-gram's last character, and of falling back from it to what is shorter.

        Returns how often anything follows an n-gram, and how many different characters do: n_ngrams + 1 × n_sections, the last row for
        what follows none. In the tables of log probabilities that row is an unknown character's.
        """
        self.counts = counts
        self._before, self._shorter = self.ngrams.parts()
        self._size = np.fromiter(map(len, self.ngrams.names), np.intp, len(counts))
        if (
            BEGIN not in self.ngrams.names
            or ((self._size > 1) & ((self._before < 0) | (self._shorter < 0))).any()
        ):
            raise InputError(
                "the language model has n-grams without their parts; train the run again"
            )
        contexts, place = np.unique(self._before, return_inverse=True)
        after = sparse.csr_matrix((np.ones(len(place)), (place, np.arange(len(place)))))
        total, kinds = np.zeros((2, len(counts) + 1, counts.shape[1]))
        total[contexts], kinds[contexts] = (
            after @ counts.astype(np.float64),
            after @ (counts > 0).astype(np.float64),
        )
        proba = np.full(total.shape, self._any)
        for mine in self._by_size(self._size):
            before = self._before[mine]
            proba[mine] = _discounted(
                counts[mine].astype(np.float64),
                total[before],
                kinds[before],
                proba[self._shorter[mine]],
            )
        proba[-1] = _discounted(np.zeros(1), total[-1], kinds[-1], self._any)
        self._log_proba, self._backoff = np.log(proba), np.zeros_like(proba)
        known = contexts[contexts >= 0]
        self._backoff[known] = np.log(_discounted(np.zeros(1), total[known], kinds[known], 1.0))
        return total, kinds

    def _leave_one_out(
        self, occurs: sparse.csr_matrix, labels: Places, total: Numbers, kinds: Numbers
    ) -> Numbers:
        """Return the log probability of texts by every section, their own counts taken out of their own section's."""
        n_ngrams = occurs.shape[1]
        column, here = occurs.indices.astype(np.intp), occurs.data.astype(np.float64)
        row = np.repeat(np.arange(occurs.shape[0]), np.diff(occurs.indptr))
        begins = np.arange(n_ngrams) == self.ngrams.names.index(BEGIN)
        for mine in self._by_size(self._size):
            begins[mine] |= begins[self._before[mine]] & (self._before[mine] >= 0)
        longest = (self._size == self.longest) | (
            begins & (self._size > 1)
        )  # No longer n-gram ends where these do.
        counted = sparse.csr_matrix(
            (here * longest[column], column, occurs.indptr), shape=occurs.shape
        )
        scores: Numbers = counted @ self._log_proba[:-1]
        # Where among a text's n-grams their parts stand; before a single character comes the text itself.
        key = row * n_ngrams + column
        before, shorter = (
            np.searchsorted(key, row * n_ngrams + part[column])
            for part in (self._before, self._shorter)
        )
        size, own = self._size[column], labels[row]
        before[size == 1] = len(key) + row[size == 1]
        others = self.counts[column, own] - here
        total_ = total[self._before[column], own] - np.bincount(before, here)[before]
        kinds_ = (
            kinds[self._before[column], own]
            - np.bincount(before, (others == 0) & (here > 0))[before]
        )
        proba = np.full(len(key) + 1, self._any)
        shorter[size == 1] = -1
        for mine in self._by_size(size):
            proba[mine] = _discounted(
                others[mine], total_[mine], kinds_[mine], proba[shorter[mine]]
            )
        scores[np.arange(len(labels)), labels] = np.bincount(
            row, counted.data * np.log(proba[:-1]), len(labels)
        )
        return scores

    @property
    def _any(self) -> float:
        """The probability of any character where nothing is known; an unknown one stands in the place of the text's beginning."""
        return 1 / float((self._size == 1).sum())

    def _by_size(self, sizes: Places) -> Iterator[Places]:
        """Yield which n-grams are single characters, then which have two, …"""
        return (np.flatnonzero(sizes == n) for n in range(1, self.longest + 1))

    def _by_character(self, texts: Sequence[str]) -> Iterator[tuple[Places, Numbers]]:
        """Yield, of some texts at a time, each character's text and its log probabilities by section; a text's end is a character too."""
        for rows, columns in self.ngrams.places(_plain(texts)):
            place = np.flatnonzero(np.append(False, rows[1:] == rows[:-1]))
            best = columns[0][
                place
            ]  # The longest known n-gram that ends there; -1 for a character that no section knows.
            fallen: list[
                Places
            ] = []  # For every longer n-gram that is unknown, what comes before the character, where that is known.
            for n in range(2, self.longest + 1):
                start = np.maximum(place - n + 1, 0)
                within = (place >= n - 1) & (rows[start] == rows[place])
                known = within & (columns[n - 1][start] >= 0)
                best[known] = columns[n - 1][start[known]]
                fallen = [np.where(known, -1, context) for context in fallen]
                fallen.append(np.where(within & ~known, columns[n - 2][start], -1))
            told = self._log_proba[best]
            for context in fallen:
                where = np.flatnonzero(context >= 0)
                told[where] += self._backoff[context[where]]
            yield rows[place], told

    def _by_length(self, scores: Numbers, texts: Sequence[str]) -> Numbers:
        lengths = np.array([len(text) + 1 for text in texts])
        centred: Numbers = scores - scores.mean(axis=1, keepdims=True)
        scaled: Numbers = centred / np.sqrt(lengths)[:, None]
        return scaled


def _discounted(count: Numbers, total: Numbers, kinds: Numbers, lower: Numbers | float) -> Numbers:
    """Return probabilities from counts of *kinds* different ones, *total* in all; *lower* has what is discounted, all where there are none."""
    share: Numbers = (np.maximum(count - _DISCOUNT, 0) + _DISCOUNT * kinds * lower) / np.maximum(
        total, 1
    )
    return np.where(total > 0, share, lower)


def _plain(texts: Sequence[str]) -> list[str]:
    """Return texts without what stands for a text's beginning."""
    return [text.replace(BEGIN, "<") for text in texts]
