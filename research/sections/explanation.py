"""Why an article goes under a section: scores of its words and sentences. It knows no model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError
from research.text.segmenter import Segmenter

_TAKEN = -1.0  # Below any probability.
_DECIMAL_PLACES = 4
_SENTENCE = re.compile(
    r"""
    [^。！？；\n]*         # Anything up to the end of a sentence,
    (?:
        [。！？；\n]+      # its stops or line feeds,
        [”’）》]*          # and what closes after them;
      | $                 # or the end of the text.
    )
    """,
    re.VERBOSE,
)


class Explanation(NamedTuple):
    """Why an article goes under *section* and not under *rival*, the next likely one.

    Numbers are log-odds (natural logarithm) of *section* against *rival*: above 0 is for *section*.
    ``words`` are the article's, strongest first, each with all its places; ``sentences`` are in the
    article's order.
    """

    section: str
    rival: str
    probability: float
    words: tuple[tuple[str, float], ...]
    sentences: tuple[tuple[str, float], ...]


def choose_pair(
    proba: NDArray[np.float64],
    names: Sequence[str],
    section: str | None,
    rival: str | None,
) -> tuple[int, int]:
    """Return the numbers of the section to explain and of its rival.

    Parameters
    ----------
    proba
        n_sections probabilities of one article.
    names
        The n_sections sections.
    section, rival
        The likeliest sections that are left where None.

    Raises
    ------
    InputError
        Where one is not among *names*, or both are the same.
    """
    chosen = [name for name in (section, rival) if name is not None]
    for name in chosen:
        if name not in names:
            sections = ", ".join(names)
            raise InputError(f"section {name!r} is not one of {sections}")
    if section is not None and section == rival:
        raise InputError(f"section and rival are both {section!r}; name two, or leave one out")
    free = proba.copy()
    for name in chosen:
        number = names.index(name)
        free[number] = _TAKEN
    first = int(free.argmax()) if section is None else names.index(section)
    free[first] = _TAKEN
    second = int(free.argmax()) if rival is None else names.index(rival)
    return first, second


def word_scores(
    text: str, scores: NDArray[np.float64], segmenter: Segmenter
) -> tuple[tuple[str, float], ...]:
    """Return each word's sum of scores over all its places, the strongest first.

    *scores* has one number per character of *text*.
    """
    sums: Counter[str] = Counter()
    for word, first, last in segmenter.places(text):
        value = scores[first:last].sum()
        sums[word] += value
    words = []
    for word, value in sums.items():
        score = round(float(value), _DECIMAL_PLACES)
        words.append((word, score))
    # Words of equal strength are in the order of their characters.
    words.sort(key=_strength)
    return tuple(words)


def _strength(entry: tuple[str, float]) -> tuple[float, str]:
    word, score = entry
    return -abs(score), word


def sentence_scores(text: str, scores: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    """Return each sentence's sum of scores, in order.

    *scores* has one number per character of *text*.
    """
    sentences = []
    for match in _SENTENCE.finditer(text):
        characters = match.group()
        sentence = characters.strip()
        if not sentence:
            continue
        begin, end = match.span()
        value = float(scores[begin:end].sum())
        score = round(value, _DECIMAL_PLACES)
        sentences.append((sentence, score))
    return tuple(sentences)
