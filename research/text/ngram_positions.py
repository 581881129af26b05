"""Positions of n-grams in texts, each packed into one 64-bit number.

A vectorizer that counts by keys remembers where it saw each n-gram first, and reads its name off
the text in the end: a number takes less memory than a string, and numbers sort by text and place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# From the highest bit: the text's number, the place of the n-gram's first unit in it, the number
# of units.
_BITS_OF_LENGTH = 3
_BITS_OF_PLACE = 36
_TEXT_SHIFT = _BITS_OF_LENGTH + _BITS_OF_PLACE
_LENGTH_MASK = 2**_BITS_OF_LENGTH - 1
_PLACE_MASK = 2**_BITS_OF_PLACE - 1

Packed = NDArray[np.int64]


class Positions(NamedTuple):
    """Of each n-gram: its text, the place of its first unit there, its number of units."""

    texts: NDArray[np.int64]
    places: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def packed(self) -> Packed:
        """Return one number for each n-gram."""
        texts = self.texts << _TEXT_SHIFT
        places = self.places << _BITS_OF_LENGTH
        numbers: Packed = texts | places | self.lengths
        return numbers

    @classmethod
    def unpacked(cls, numbers: Packed) -> Positions:
        """Return the positions that were packed into numbers."""
        return cls(
            texts=numbers >> _TEXT_SHIFT,
            places=(numbers >> _BITS_OF_LENGTH) & _PLACE_MASK,
            lengths=numbers & _LENGTH_MASK,
        )


def lengths_of(texts: Sequence[Sequence[str]]) -> NDArray[np.intp]:
    """Return the number of units of each text."""
    return np.array([len(units) for units in texts])


def begins_of(lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return where each text begins if all stand one after another."""
    begins: NDArray[np.intp] = np.cumsum(lengths) - lengths
    return begins
