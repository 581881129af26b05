"""Language models of characters, one per section: which section's texts resemble a text most?

An n-gram's column means that the n-gram occurs. A language model also knows which characters could
have followed instead, and falls back on shorter n-grams where it has few counts; its probabilities
are computed in ``ngram_probabilities``. For labelling texts, Chinese ones among them, see Peng,
Schuurmans & Wang 2004, "Augmenting naive Bayes classifiers with statistical language models". It
knows nothing of articles or blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError
from research.sections.ngram_probabilities import (
    NO_NGRAM,
    NgramProbabilities,
    Numbers,
    Places,
)
from research.text.ngram_units import BEGIN
from research.text.ngrams import NGrams

_BEGIN_IN_TEXTS = "<"  # Replaces in texts the character that marks a text's beginning.


class LanguageScores:
    """The vectorizer of ``language`` blocks: texts and sections → n_texts × n_sections, float32.

    A column is the log probability of a text's characters by a section's model, less the mean of
    all sections, over the root of the text's length. Rows have a root mean square length of 1 in
    training, so that a block's weight means what it means for other blocks. The scores of a
    training text come from the counts of all other texts.

    Parameters
    ----------
    longest
        Most characters of an n-gram.
    """

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.ngrams = NGrams(
            "characters",
            ngrams=(1, longest),
            edges=True,
            weigh="count",
        )

    def fit_transform(
        self, texts: Sequence[str], sections: Sequence[str] | None
    ) -> sparse.csr_matrix:
        """Learn every section's model, and return scores of each text by the other texts.

        Parameters
        ----------
        texts, sections
            n texts, n labels.

        Returns
        -------
        csr_matrix
            n_texts × n_sections, float32.

        Raises
        ------
        InputError
            Where there are no sections.
        """
        if sections is None:
            raise InputError(
                "features of kind language learn from sections; give them: "
                "fit_transform(articles, sections)"
            )
        texts = _plain(texts)
        names, labels = np.unique(sections, return_inverse=True)
        self.sections = tuple(names.tolist())
        occurs = self._count(texts)
        counts = _sum_by_section(occurs, labels)
        self.probabilities = NgramProbabilities(self.ngrams, counts)
        log_proba = self.probabilities.leave_one_out(occurs, labels)
        scores = self._by_length(log_proba, texts)
        squared_lengths = np.sum(scores**2, axis=1)
        mean = np.mean(squared_lengths)
        length = np.sqrt(mean)
        self.scale = float(length) or 1.0
        return self._scaled(scores)

    def restore(
        self,
        names: Sequence[str],
        sections: Sequence[str],
        counts: NDArray[np.uint32],
        scale: float,
    ) -> Self:
        """Become the models that a run stored.

        Parameters
        ----------
        names
            The n-grams.
        sections
            The columns of *counts*.
        counts
            n_ngrams × n_sections: how often each section has each n-gram.
        scale
            Root mean square length of the training texts' scores.

        Raises
        ------
        InputError
            Where shapes differ, or an n-gram's parts are not among the n-grams.
        """
        expected_shape = (len(names), len(sections))
        if counts.shape != expected_shape:
            raise InputError(
                f"{len(names)} n-grams and {len(sections)} sections, but counts of "
                f"{counts.shape}; train the run again"
            )
        self.ngrams.restore(names, None)
        self.sections = tuple(sections)
        self.scale = scale
        self.probabilities = NgramProbabilities(self.ngrams, counts)
        return self

    @property
    def counts(self) -> NDArray[np.uint32]:
        """How often each section has each n-gram: n_ngrams × n_sections."""
        return self.probabilities.counts

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the scores of texts: n_texts × n_sections, float32."""
        shape = (len(texts), len(self.sections))
        log_proba = np.zeros(shape)
        for rows, by_character in self._by_character(texts):
            is_other_text = rows[1:] != rows[:-1]
            is_first = np.append(True, is_other_text)
            first = np.flatnonzero(is_first)
            first_rows = rows[first]
            log_proba[first_rows] = np.add.reduceat(by_character, first)
        scores = self._by_length(log_proba, texts)
        return self._scaled(scores)

    def contributions(self, text: str, weights: Numbers) -> Numbers:
        """Return what each character contributes to ``transform([text]) @ weights``.

        The contribution of the text's end is added to the last character's.

        Parameters
        ----------
        text
            A text of n characters.
        weights
            n_sections weights of a linear score.

        Returns
        -------
        ndarray
            n numbers.
        """
        _, by_character = next(self._by_character([text]))
        n_characters = len(by_character)
        repeated = [text] * n_characters
        scores = self._by_length(by_character, repeated)
        weighted = scores @ weights
        contributions = weighted / self.scale
        last = contributions[-2:].sum()
        others = contributions[:-2]
        joined = np.append(others, last)
        return joined[: len(text)]

    def _count(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Learn the n-grams of texts, and return n_texts × n_ngrams counts, columns in order."""
        counts = self.ngrams.fit_transform(texts)
        occurs = counts.tocsr()
        occurs.sort_indices()
        # A text's beginning has no probability: no character comes before it.
        begin = self.ngrams.names.index(BEGIN)
        is_begin = occurs.indices == begin
        occurs.data[is_begin] = 0
        return occurs

    def _by_character(self, texts: Sequence[str]) -> Iterator[tuple[Places, Numbers]]:
        """Yield, of some texts at a time, each character's text and log probabilities by section.

        A text's end is a character too.
        """
        plain_texts = _plain(texts)
        for rows, columns in self.ngrams.places(plain_texts):
            is_same_text = rows[1:] == rows[:-1]
            is_after_another = np.append(False, is_same_text)
            place = np.flatnonzero(is_after_another)
            longest, contexts = self._longest_known(rows, columns, place)
            log_proba = self.probabilities.log_proba[longest]
            for context in contexts:
                has_context = np.flatnonzero(context >= 0)
                known_context = context[has_context]
                backoff = self.probabilities.backoff[known_context]
                log_proba[has_context] += backoff
            yield rows[place], log_proba

    def _longest_known(
        self, rows: Places, columns: Sequence[Places], place: Places
    ) -> tuple[Places, list[Places]]:
        """Return the longest known n-gram that ends at each place, and what it falls back from.

        Parameters
        ----------
        rows
            The text of every character.
        columns
            For n = 1, 2, …, the column of the n-gram that begins at every character; -1 for none.
        place
            Places of characters.

        Returns
        -------
        tuple
            Columns of n-grams; and for n = 2, 3, … columns of the known contexts whose n-gram at
            the place is unknown. -1 for none.
        """
        longest = columns[0][place]
        contexts: list[Places] = []
        for n in range(2, self.longest + 1):
            left = place - n + 1
            start = np.maximum(left, 0)
            is_same_text = rows[start] == rows[place]
            is_within = is_same_text & (left >= 0)
            column = columns[n - 1]
            shorter_column = columns[n - 2]
            ngram = column[start]
            before = shorter_column[start]
            is_known = is_within & (ngram >= 0)
            longest[is_known] = ngram[is_known]
            # A longer n-gram that is known needs no falling back.
            contexts = [np.where(is_known, NO_NGRAM, context) for context in contexts]
            is_unknown = is_within & ~is_known
            context = np.where(is_unknown, before, NO_NGRAM)
            contexts.append(context)
        return longest, contexts

    def _by_length(self, log_proba: Numbers, texts: Sequence[str]) -> Numbers:
        """Return log probabilities less the sections' mean, over the root of texts' lengths."""
        n_characters = [len(text) + 1 for text in texts]
        roots = np.sqrt(n_characters)
        means = log_proba.mean(axis=1, keepdims=True)
        centred = log_proba - means
        scores: Numbers = centred / roots[:, None]
        return scores

    def _scaled(self, scores: Numbers) -> sparse.csr_matrix:
        """Return scores over the training texts' length, float32."""
        scaled = scores / self.scale
        scaled32 = scaled.astype(np.float32)
        return sparse.csr_matrix(scaled32)


def _sum_by_section(occurs: sparse.csr_matrix, labels: Places) -> NDArray[np.uint32]:
    """Return n_ngrams × n_sections counts from those of n_texts × n_ngrams."""
    n_texts = len(labels)
    texts = np.arange(n_texts)
    ones = np.ones(n_texts)
    cells = (texts, labels)
    is_section = sparse.csr_matrix((ones, cells))
    table = occurs.T @ is_section
    counts = np.asarray(table.todense())
    return counts.astype(np.uint32)


def _plain(texts: Sequence[str]) -> list[str]:
    """Return texts without the character that marks a text's beginning."""
    return [text.replace(BEGIN, _BEGIN_IN_TEXTS) for text in texts]
