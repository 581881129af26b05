"""A user dictionary of proposed words, to be pruned by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from research.files import replacing
from research.text.new_words import NewWord


def write_dictionary(path: Path, words: Sequence[NewWord]) -> None:
    """Write one proposed word per line, with its evidence as a comment."""
    lines = [f"{word.word}  # {_evidence(word)}\n" for word in words]
    with replacing(path) as beside:
        beside.write_text("".join(lines), "utf-8")


def _evidence(word: NewWord) -> str:
    neighbours = f"neighbours {word.left:.1f} and {word.right:.1f} bits"
    return f"{word.count} times, npmi {word.npmi:.2f}, {neighbours}: {' '.join(word.parts)}"
