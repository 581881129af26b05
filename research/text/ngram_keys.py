"""Keys of n-grams: 64-bit numbers in the place of strings.

The key of an n-gram is folded from the keys of its units. Two n-grams have the same key by chance
only: the probability that any two of a million do is one in forty million. Does not count: see
``ngrams``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

# The three constants of splitmix64 (Steele, Lea & Flood 2014); the first is 2**64 over the golden
# ratio.
_GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_SECOND_FACTOR = np.uint64(0x94D049BB133111EB)
_FIRST_SHIFT_BITS = np.uint64(30)
_SECOND_SHIFT_BITS = np.uint64(27)
_LAST_SHIFT_BITS = np.uint64(31)
_KEY_BYTES = 8


def character_keys(text: str) -> Keys:
    """Return the key of each character of a text."""
    code_units = text.encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(code_units, dtype=np.uint32)
    numbers = codes.astype(np.uint64)
    return _mixed(numbers)


def token_keys(tokens: Sequence[str]) -> Keys:
    """Return the key of each token."""
    distinct = set(tokens)
    key_of = {token: _token_key(token) for token in distinct}
    keys = map(key_of.__getitem__, tokens)
    n_tokens = len(tokens)
    return np.fromiter(keys, dtype=np.uint64, count=n_tokens)


def folded(units: Sequence[Keys] | NDArray[np.uint64]) -> Keys:
    """Return the keys of n-grams from those of their units.

    Parameters
    ----------
    units : n arrays of length n_ngrams
        Keys of the first units, of the second units, …; an array may be shorter than the one
        before it.
    """
    keys = units[0]
    for unit in units[1:]:
        beginnings = keys[: len(unit)]
        sums = beginnings * _GOLDEN_GAMMA + unit
        keys = _mixed(sums)
    return keys


def _token_key(token: str) -> int:
    code_units = token.encode("utf-8", "surrogatepass")
    code = hashlib.blake2b(code_units, digest_size=_KEY_BYTES)
    digest = code.digest()
    return int.from_bytes(digest, "little")


def _mixed(values: Keys) -> Keys:
    """Return 64-bit numbers every bit of which depends on every bit of *values* (splitmix64)."""
    values = values ^ (values >> _FIRST_SHIFT_BITS)
    values = values * _FIRST_FACTOR + _GOLDEN_GAMMA
    values = values ^ (values >> _SECOND_SHIFT_BITS)
    values = values * _SECOND_FACTOR
    mixed: Keys = values ^ (values >> _LAST_SHIFT_BITS)
    return mixed
