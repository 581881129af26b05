"""Words that a person asks for → their columns in a run's vocabulary.

A word that was left out, or that the run's segmenter cuts apart, is an error that says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from research.errors import InputError
from research.text.segmenter import Segmenter


def word_columns(
    words: Sequence[str], vocabulary: Sequence[str], segmenter: Segmenter, run_name: str
) -> list[int]:
    """Return the columns of words, each as the vocabulary has it.

    Raises
    ------
    InputError
        Where a word is not in the vocabulary; the message says why, and names the run.
    """
    if isinstance(words, str):
        raise InputError(f"expected a list of words, got one str; put it into a list: [{words!r}]")
    column_of = {word: column for column, word in enumerate(vocabulary)}
    columns = []
    for word in words:
        column = _column(word, column_of, segmenter)
        if column is None:
            raise InputError(_why_absent(word, len(column_of), segmenter, run_name))
        columns.append(column)
    return columns


def _column(word: str, column_of: Mapping[str, int], segmenter: Segmenter) -> int | None:
    """Return the column of a word, as it stands or as the segmenter writes it."""
    tokens = segmenter.segment(word)
    forms = [word, *tokens] if len(tokens) == 1 else [word]
    columns = [column_of[form] for form in forms if form in column_of]
    return columns[0] if columns else None


def _why_absent(word: str, n_words: int, segmenter: Segmenter, run_name: str) -> str:
    pieces = segmenter.cut(word.strip())
    if len(pieces) > 1:
        return (
            f"{word!r} is several words to {run_name}: {' '.join(pieces)}; ask for one of "
            "these, or add it to a user dictionary and train again"
        )
    return (
        f"{word!r} is not among the {n_words} words of {run_name}: left out as a stop "
        "word, too rare or too common; ask for another"
    )
