"""Texts → units (characters or tokens) → every n-gram in them, as numbers.

Does not count and does not know which n-grams a vectorizer has learned: see ``ngrams``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Literal, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from research.text.ngram_keys import Keys, character_keys, folded, token_keys
from research.text.ngram_positions import Packed, Positions, begins_of, lengths_of

BEGIN, END = "⟨", "⟩"  # The edges of a text.

Units = Sequence[str]  # The characters or the tokens of one text; a string is its characters.
Places = NDArray[np.intp]


class TextUnits:
    """The rule by which a text has units.

    Parameters
    ----------
    kind : "characters" or "tokens"
        Tokens stand between spaces.
    edges : bool
        Whether a text's beginning and end are units too.
    """

    def __init__(self, kind: Literal["characters", "tokens"], edges: bool) -> None:
        self.of_characters = kind == "characters"
        self.edges = edges

    def split(self, text: str) -> Units:
        """Return the units of one text."""
        if self.of_characters:
            return f"{BEGIN}{text}{END}" if self.edges else text
        tokens = text.split()
        if self.edges:
            return [BEGIN, *tokens, END]
        return tokens

    def keys(self, texts: Sequence[Units]) -> Keys:
        """Return the keys of all texts' units, one text after the other."""
        if self.of_characters:
            strings = cast(Sequence[str], texts)
            return character_keys("".join(strings))
        tokens = list(chain.from_iterable(texts))
        return token_keys(tokens)

    def by_length(self, names: Sequence[str]) -> Iterator[tuple[Places, NDArray[np.uint64]]]:
        """Yield which n-grams have 1, 2, … units, and their units' keys, n × n_ngrams."""
        ngrams: list[Units] = list(names)
        if not self.of_characters:
            ngrams = [name.split(" ") for name in names]
        lengths = np.fromiter(map(len, ngrams), np.intp, len(ngrams))
        for n in np.unique(lengths):
            of_length = lengths == n
            places = np.flatnonzero(of_length)
            ngrams_of_length = [ngrams[place] for place in places]
            keys = self.keys(ngrams_of_length)
            yield places, keys.reshape(len(places), n).T

    def names_at(self, texts: Sequence[str], positions: Packed) -> list[str]:
        """Return the n-grams at these positions of texts as strings."""
        if self.of_characters:
            return self._strings(texts, Positions.unpacked(positions))
        order = np.argsort(positions)
        ascending = Positions.unpacked(positions[order])
        names = np.empty(len(order), dtype=object)
        names[order] = list(self._joined_tokens(texts, ascending))
        return names.tolist()

    def _strings(self, texts: Sequence[str], positions: Positions) -> list[str]:
        units = [cast(str, self.split(text)) for text in texts]
        lengths = lengths_of(units)
        begins = begins_of(lengths)
        starts = begins[positions.texts] + positions.places
        ends = starts + positions.lengths
        whole = "".join(units)
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        return [whole[start:end] for start, end in spans]

    def _joined_tokens(self, texts: Sequence[str], positions: Positions) -> Iterator[str]:
        """Yield the n-grams at positions in ascending order: each text is split once."""
        last_text = -1
        units: Units = ()
        columns = [column.tolist() for column in positions]
        for text, place, n_units in zip(*columns, strict=True):
            if text != last_text:
                units = self.split(texts[text])
                last_text = text
            end = place + n_units
            yield joined(units[place:end])


class Batch(NamedTuple):
    """Texts that are counted together: the number of the first, and the units of each."""

    first_text: int
    texts: list[Units]

    def rows(self) -> Places:
        """Return the row in the batch of each unit's text, (n_units,)."""
        n_texts = len(self.texts)
        lengths = lengths_of(self.texts)
        return np.repeat(np.arange(n_texts), lengths)


class Occurrences(NamedTuple):
    """Every occurrence of an n-gram in a batch, the shortest n-grams first.

    ``keys`` of the n-grams, ``rows`` of their texts in the batch, and ``starts``, the places of
    their first units among all units of the batch; each (n_occurrences,). ``n_of_size`` has the
    numbers of occurrences with the fewest units, with one more, ….
    """

    keys: Keys
    rows: Places
    starts: Places
    n_of_size: list[int]

    def slices(self) -> Iterator[slice]:
        """Yield which occurrences have the fewest units, one more, …."""
        begin = 0
        for n_occurrences in self.n_of_size:
            end = begin + n_occurrences
            yield slice(begin, end)
            begin = end

    def positions(self, batch: Batch, chosen: Places, fewest_units: int) -> Packed:
        """Return the positions in all texts of the *chosen* occurrences of a batch."""
        lengths = lengths_of(batch.texts)
        begins = begins_of(lengths)
        rows = self.rows[chosen]
        starts = self.starts[chosen]
        ends_of_sizes = np.cumsum(self.n_of_size)
        sizes = np.searchsorted(ends_of_sizes, chosen, side="right")
        positions = Positions(
            texts=batch.first_text + rows,
            places=starts - begins[rows],
            lengths=fewest_units + sizes,
        )
        return positions.packed()


def occurrences_in(batch: Batch, unit_keys: Keys, ngrams: tuple[int, int]) -> Occurrences:
    """Return every n-gram of a batch.

    Parameters
    ----------
    batch : Batch
    unit_keys : array of shape (n_units,)
        The keys of all units of the batch.
    ngrams : (int, int)
        Fewest and most units of an n-gram.
    """
    fewest, most = ngrams
    lengths = lengths_of(batch.texts)
    rows = batch.rows()
    ends = np.repeat(np.cumsum(lengths), lengths)
    n_units_left = ends - np.arange(len(rows))  # From each unit to its text's end.
    ngram_keys = unit_keys
    keys = []
    starts = []
    for n in range(1, most + 1):
        if n > 1:
            last_units = unit_keys[n - 1 :]
            ngram_keys = folded([ngram_keys[:-1], last_units])
        if n < fewest:
            continue
        fits = n_units_left[: len(ngram_keys)] >= n
        starts_of_size = np.flatnonzero(fits)
        starts.append(starts_of_size)
        keys.append(ngram_keys[starts_of_size])
    all_starts = np.concatenate(starts)
    return Occurrences(
        keys=np.concatenate(keys),
        rows=rows[all_starts],
        starts=all_starts,
        n_of_size=[len(starts_of_size) for starts_of_size in starts],
    )


def joined(units: Units) -> str:
    """Return an n-gram as a string; characters are one already."""
    if isinstance(units, str):
        return units
    return " ".join(units)
