"""Whether a text is written in the language that a classifier learned from.

A classifier of modern news gives old prose, English or a table of figures a probability too, and
it means nothing there. A bigram model of the characters of many unlabelled articles recognises
such texts: their characters surprise it more than those of articles do. It knows no sections.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError
from research.text.ngrams import NGrams

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]

LENGTHS = (10, 20, 40, 80, 160, 320, 640)  # Han characters, for which limits are fitted.
_LOG_BACKOFF = float(np.log(0.4))  # After Brants et al. 2007, "Large language models in MT".
_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))  # First and last code points.
_PER_MILLE_ABOVE = 10  # So many of the texts that limits are fitted to lie above them.
_TEXTS_AT_A_TIME = 1000


class Density(NamedTuple):
    """What is measured of n texts, each (n,).

    ``han`` counts their Han characters, ``share`` is the share of these among all characters that
    are no spaces, and ``surprisal`` their mean negative log probability (natural logarithm), 0
    where there are none.
    """

    han: Places
    share: Numbers
    surprisal: Numbers


@dataclass(frozen=True)
class Familiarity:
    """A bigram model of characters, and the limits within which a text is familiar.

    Parameters
    ----------
    ngrams
        Characters and pairs of characters.
    log_counts
        Natural logarithms of how often each occurs, (n_ngrams,).
    limits
        The highest surprisal of a familiar text, for each of ``LENGTHS``.
    share
        The lowest share of Han characters of a familiar text.
    """

    ngrams: NGrams
    log_counts: NDArray[np.float32]
    limits: tuple[float, ...]
    share: float

    def is_familiar(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return which of n texts are long enough and like those that were learned from, (n,)."""
        density = self.measure(texts)
        shortest = LENGTHS[0]
        is_long = density.han >= shortest
        is_han = density.share >= self.share
        lengths = np.maximum(density.han, shortest)
        limits = np.interp(np.log(lengths), np.log(LENGTHS), self.limits)
        is_expected = density.surprisal <= limits
        familiar: NDArray[np.bool_] = is_long & is_han & is_expected
        return familiar

    def measure(self, texts: Sequence[str]) -> Density:
        """Return numbers of Han characters, their shares and the mean surprisals of n texts."""
        parts = [Density(np.zeros(0, np.intp), np.zeros(0), np.zeros(0))]
        for start in range(0, len(texts), _TEXTS_AT_A_TIME):
            batch = texts[start : start + _TEXTS_AT_A_TIME]
            without_spaces = ["".join(text.split()) for text in batch]
            parts.append(self._measure_batch(without_spaces))
        return Density(*map(np.concatenate, zip(*parts, strict=True)))

    def _measure_batch(self, texts: Sequence[str]) -> Density:
        n = len(texts)
        n_characters = np.array([len(text) for text in texts])
        is_han = _han_characters("".join(texts))
        rows, surprisals = self._surprisals(texts)
        han_rows = rows[is_han]
        han = np.bincount(han_rows, minlength=n)
        total = np.bincount(han_rows, surprisals[is_han], n)
        return Density(
            han=han,
            share=han / np.maximum(n_characters, 1),
            surprisal=total / np.maximum(han, 1),
        )

    def _surprisals(self, texts: Sequence[str]) -> tuple[Places, Numbers]:
        """Return of every character of all texts the text's number and the surprisal."""
        rows_of_batches = [np.zeros(0, np.intp)]
        surprisals = [np.zeros(0)]
        for rows, (single, pair) in self.ngrams.places(texts):
            rows_of_batches.append(rows)
            surprisals.append(self._surprisals_of(rows, single, pair))
        return np.concatenate(rows_of_batches), np.concatenate(surprisals)

    def _surprisals_of(self, rows: Places, single: Places, pair: Places) -> Numbers:
        """Return characters' surprisals from the columns of what begins at each, -1 for none."""
        log_counts = self.log_counts.astype(np.float64)
        alone = log_counts[single] - self._log_total
        alone[single < 0] = -self._log_total
        following = alone[1:]
        pairs = pair[:-1]
        after = log_counts[pairs] - log_counts[single[:-1]]
        after[pairs < 0] = -np.inf
        best = np.maximum(after, following + _LOG_BACKOFF)
        is_first = rows[1:] != rows[:-1]
        log_proba = np.where(is_first, following, best)
        return -np.concatenate([alone[:1], log_proba])

    @cached_property
    def _log_total(self) -> float:
        """The logarithm of the number of all characters."""
        is_single = np.array([len(name) == 1 for name in self.ngrams.names])
        log_counts = self.log_counts[is_single].astype(np.float64)
        total = np.exp(log_counts).sum()
        return float(np.log(total))

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Return the model as JSON types and arrays by name."""
        facts = {"ngrams": self.ngrams.names, "limits": list(self.limits), "share": self.share}
        return facts, {"familiarity": self.log_counts.astype(np.float16)}

    @classmethod
    def from_state(cls, facts: dict[str, Any], log_counts: NDArray[Any]) -> Self:
        """Return the model that :meth:`state` described; raise InputError where it misfits."""
        names = facts["ngrams"]
        limits = tuple(facts["limits"])
        if log_counts.shape != (len(names),) or len(limits) != len(LENGTHS):
            raise InputError(
                f"{len(names)} n-grams of characters, but counts of shape {log_counts.shape} and "
                f"{len(limits)} limits; copy the run again, or train it again"
            )
        ngrams = _pairs().restore(names, None)
        return cls(ngrams, log_counts.astype(np.float32), limits, facts["share"])


def learn_familiarity(
    texts: Sequence[str], others: Sequence[str], *, min_df: int = 5, max_pairs: int | None = None
) -> Familiarity:
    """Learn a bigram model from texts, and its limits from others.

    Parameters
    ----------
    texts, others
        Articles without spaces; limits are fitted to *others*, cut to each of ``LENGTHS``.
    min_df
        Fewest texts of a character or pair.
    max_pairs
        Of these, so many of the most frequent stay.
    """
    ngrams = _pairs(min_df, max_pairs)
    counts = ngrams.fit_transform(texts)
    totals: Numbers = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    names, totals = _closed(ngrams.names, totals)
    log_counts = np.log(totals).astype(np.float16).astype(np.float32)
    learned = Familiarity(_pairs().restore(names, None), log_counts, (), 0.0)
    quantile = 1 - _PER_MILLE_ABOVE / 1000
    limits = []
    for length in LENGTHS:
        beginnings = [text[:length] for text in others if len(text) >= length]
        surprisals = learned.measure(beginnings).surprisal
        limits.append(_quantile(surprisals, quantile))
    shares = learned.measure(others).share
    share = _quantile(shares, 1 - quantile)
    return Familiarity(learned.ngrams, log_counts, tuple(limits), share)


def _quantile(values: Numbers, share: float) -> float:
    quantile = float(np.quantile(values, share))
    return round(quantile, 3)


def _pairs(min_df: int = 1, max_features: int | None = None) -> NGrams:
    return NGrams("characters", (1, 2), weigh="count", min_df=min_df, max_features=max_features)


def _closed(names: Sequence[str], totals: Numbers) -> tuple[list[str], Numbers]:
    """Return the n-grams whose first character is among them, with their totals."""
    known = set(names)
    rows = [row for row, name in enumerate(names) if name[0] in known]
    return [names[row] for row in rows], totals[rows]


def _han_characters(text: str) -> NDArray[np.bool_]:
    """Return which characters of a text are Han."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_han = np.zeros(len(codes), dtype=bool)
    for first, last in _HAN:
        is_han |= (codes >= first) & (codes <= last)
    return is_han
