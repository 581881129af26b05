"""Words that the dictionary lacks: collocations learned from a corpus, with their evidence.

A proposal is two or more tokens that stand together far oftener than chance (normalised pointwise mutual
information; Bouma 2009) and whose neighbours vary on both sides (branching entropy; Jin & Tanaka-Ishii
2006), so that it is neither half of a longer word nor two words that merely met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.files import Progress
from research.text.segmenter import Segmenter

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LONGEST = 8
_ROUNDS = 2  # Pairs, then pairs of pairs: up to four tokens.
_MOST_TEXTS = 20_000
_BREAK = 0  # Stands for whatever a phrase does not reach over.

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NewWord:
    """A proposed word and its evidence.

    ``count`` occurrences; ``npmi`` from −1 to 1; ``left`` and ``right``, entropies of its neighbours in bits;
    ``parts``, the tokens it is made of.
    """

    word: str
    count: int
    npmi: float
    left: float
    right: float
    parts: tuple[str, ...]


def propose_words(
    texts: Iterable[str | Article],
    segmenter: Segmenter,
    *,
    min_count: int = 10,
    min_npmi: float = 0.5,
    min_entropy: float = 1.5,
    progress: Progress | None = None,
) -> list[NewWord]:
    """Return proposed words of 3 to 8 characters, the commonest first.

    At most 20,000 texts are read, evenly spread. Stop words, numbers and Latin end a phrase.
    """
    stream, names = _stream(_spread(list(texts)), segmenter, progress)
    parts: list[tuple[str, ...]] = [(name,) for name in names]
    found: dict[int, tuple[int, float]] = {}
    for _ in range(_ROUNDS):
        stream, merged = _merge(stream, names, parts, min_count, min_npmi)
        found |= merged
    counts = np.bincount(stream, minlength=len(names))
    phrases = []
    entropies = _entropies(stream, np.array(sorted(found), dtype=np.int64))
    for token, (left, right) in zip(sorted(found), entropies, strict=True):
        if min(left, right) >= min_entropy and counts[token] >= min_count and len(names[token]) > 2:
            phrases.append(
                NewWord(
                    names[token],
                    int(counts[token]),
                    round(found[token][1], 3),
                    round(left, 2),
                    round(right, 2),
                    parts[token],
                )
            )
    return sorted(phrases, key=lambda phrase: (-phrase.count, phrase.word))


def _spread(texts: Sequence[str | Article]) -> Sequence[str | Article]:
    step = len(texts) / _MOST_TEXTS
    return texts if step <= 1 else [texts[int(i * step)] for i in range(_MOST_TEXTS)]


def _stream(
    texts: Sequence[str | Article], segmenter: Segmenter, progress: Progress | None
) -> tuple[Ids, list[str]]:
    """Return all tokens one after another as numbers, and what each number stands for; 0 is a break."""
    numbers: dict[str, int] = {}
    stream = [_BREAK]
    kept = Segmenter(
        segmenter.user_words, segmenter.stop_words, latin=False, engine=segmenter.engine
    )
    for done, text in enumerate(texts, 1):
        for piece in (text.headline, *text.paragraphs) if isinstance(text, Article) else (text,):
            for token in segmenter.cut(piece):
                stream.append(
                    numbers.setdefault(token, len(numbers) + 1)
                    if _HAN.fullmatch(token) and kept.keeps(token)
                    else _BREAK
                )
            stream.append(_BREAK)
        if progress and (done % 200 == 0 or done == len(texts)):
            progress("learning words", done, len(texts))
    return np.array(stream, dtype=np.int64), ["", *numbers]


def _merge(
    stream: Ids, names: list[str], parts: list[tuple[str, ...]], min_count: int, min_npmi: float
) -> tuple[Ids, dict[int, tuple[int, float]]]:
    """Make one token of every pair that holds together; new names and parts are added to the lists."""
    first, second = stream[:-1], stream[1:]
    together = np.flatnonzero((first != _BREAK) & (second != _BREAK))
    codes, counts = np.unique(first[together] * len(names) + second[together], return_counts=True)
    alone = np.bincount(stream, minlength=len(names))
    total = len(stream) - alone[_BREAK]
    found: dict[int, tuple[int, float]] = {}
    chosen: dict[int, int] = {}
    for code, count in zip(
        codes[counts >= min_count].tolist(), counts[counts >= min_count].tolist(), strict=True
    ):
        a, b = divmod(code, len(alone))
        npmi = np.log(count * total / (alone[a] * alone[b])) / -np.log(count / total)
        if npmi >= min_npmi and len(names[a] + names[b]) <= _LONGEST:
            chosen[code] = len(names)
            found[len(names)] = (count, float(npmi))
            names.append(names[a] + names[b])
            parts.append(parts[a] + parts[b])
    return _replaced(stream, chosen, len(alone)), found


def _replaced(stream: Ids, chosen: dict[int, int], base: int) -> Ids:
    codes = stream[:-1] * base + stream[1:]
    keys = np.array(sorted(chosen), dtype=np.int64)
    hits = np.flatnonzero(np.isin(codes, keys)).tolist()
    out, keep = stream.copy(), np.ones(len(stream), dtype=bool)
    taken = -1
    for i in hits:  # From the left; a token goes into one phrase only.
        if i > taken:
            out[i], keep[i + 1], taken = chosen[int(codes[i])], False, i + 1
    return out[keep]


def _entropies(stream: Ids, tokens: Ids) -> Iterator[tuple[float, float]]:
    """Yield the entropies in bits of each token's left and right neighbours; a break is a neighbour of its own each time."""
    places = np.flatnonzero(np.isin(stream, tokens))
    places = places[np.argsort(stream[places], kind="stable")]
    edges = np.searchsorted(stream[places], [tokens, tokens + 1])
    for first, last in edges.T.tolist():
        own = places[first:last]
        yield _entropy(stream[own - 1]), _entropy(stream[np.minimum(own + 1, len(stream) - 1)])


def _entropy(neighbours: Ids) -> float:
    counts: NDArray[Any] = np.unique(neighbours[neighbours != _BREAK], return_counts=True)[1]
    breaks = int((neighbours == _BREAK).sum())
    shares = np.concatenate([counts, np.ones(breaks)]) / max(len(neighbours), 1)
    return float(-(shares * np.log2(shares)).sum())
