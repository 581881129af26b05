"""A user dictionary of proposed words, to be pruned by hand.

Writes the file only: ``new_words`` proposes the words, ``segmenter`` reads a dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from research.files import replacing
from research.text.new_words import NewWord


def write_dictionary(path: Path, words: Sequence[NewWord]) -> None:
    """Write one proposed word per line, with its evidence as a comment."""
    lines = []
    for word in words:
        evidence = _evidence(word)
        lines.append(f"{word.word}  # {evidence}\n")
    text = "".join(lines)
    with replacing(path) as beside:
        beside.write_text(text, "utf-8")


def _evidence(word: NewWord) -> str:
    parts = " ".join(word.parts)
    neighbours = f"neighbours {word.left:.1f} and {word.right:.1f} bits"
    numbers = [
        f"{word.count} times",
        f"npmi {word.npmi:.2f}",
        neighbours,
    ]
    return f"{', '.join(numbers)}: {parts}"
