"""Numbers as the report prints them."""

from __future__ import annotations


def percent(value: float, digits: int = 1) -> str:
    """Return a share as per cent.

    >>> percent(0.1234)
    '12.3%'
    """
    per_cent = 100 * value
    return f"{per_cent:.{digits}f}%"


def points(value: float, digits: int = 1) -> str:
    """Return a change of a share as percentage points, with its sign."""
    per_cent = 100 * value
    return f"{per_cent:+.{digits}f}"


def fixed(value: float, digits: int = 3) -> str:
    """Return a number with so many decimals."""
    return f"{value:.{digits}f}"
