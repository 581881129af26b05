"""Words that the dictionary lacks: collocations learned from a corpus, with their evidence.

A new word is two or more tokens that occur side by side far more often than by chance (normalised
pointwise mutual information; Bouma 2009) and whose neighbours vary on both sides (branching
entropy; Jin & Tanaka-Ishii 2006), so that it is neither half of a longer word nor two words that
are neighbours by chance. Does not change a segmenter: the caller decides which words it adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.files import Progress
from research.text.segmenter import Segmenter

_HAN = re.compile(r"[\u3400-\u9fff]+")
_MIN_CHARACTERS = 3
_MAX_CHARACTERS = 8
_ROUNDS = 2  # Pairs, then pairs of pairs: up to four tokens.
_MAX_TEXTS = 20_000  # More texts hardly add a word, and take as much longer.
_TEXTS_PER_REPORT = 200
_BREAK = 0  # The number of whatever a new word does not reach over.

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NewWord:
    """A proposed word and its evidence.

    ``count`` occurrences; ``npmi`` from −1 to 1; ``left`` and ``right``, entropies of its
    neighbours in bits; ``parts``, the tokens of which it is made.
    """

    word: str
    count: int
    npmi: float
    left: float
    right: float
    parts: tuple[str, ...]


class _Lexicon:
    """Tokens by their number: ``names``, and the segmenter's tokens that each consists of."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.parts: list[tuple[str, ...]] = [(name,) for name in names]

    def add_pair(self, first: int, second: int) -> int:
        """Add the pair of two tokens and return its number."""
        name = self.names[first] + self.names[second]
        parts = self.parts[first] + self.parts[second]
        self.names.append(name)
        self.parts.append(parts)
        return len(self.names) - 1


def propose_words(
    texts: Iterable[str | Article],
    segmenter: Segmenter,
    *,
    min_count: int = 10,
    min_npmi: float = 0.5,
    min_entropy: float = 1.5,
    progress: Progress | None = None,
) -> list[NewWord]:
    """Return proposed words of 3 to 8 characters, the most frequent first.

    Stop words, numbers and Latin are no part of a new word.

    Parameters
    ----------
    texts : iterable of str or Article
        At most 20,000 are read, evenly spread.
    segmenter : Segmenter
        Cuts the texts into the tokens of which new words consist.
    min_count : int, default 10
        Fewest occurrences.
    min_npmi : float, default 0.5
        Least normalised pointwise mutual information of two tokens, from −1 to 1.
    min_entropy : float, default 1.5
        Least entropy of the neighbours on either side, in bits.
    progress : callable, default None
        Called after every 200 texts.
    """
    sample = _spread(list(texts))
    stream, names = _stream(sample, segmenter, progress)
    lexicon = _Lexicon(names)
    npmi_of_tokens: dict[int, float] = {}
    for _ in range(_ROUNDS):
        stream, npmi_of_pairs = _merge(stream, lexicon, min_count, min_npmi)
        npmi_of_tokens |= npmi_of_pairs
    words = []
    for word in _candidates(stream, lexicon, npmi_of_tokens):
        entropy = min(word.left, word.right)
        if entropy < min_entropy or word.count < min_count:
            continue
        if len(word.word) < _MIN_CHARACTERS:
            continue
        words.append(_rounded(word))
    return sorted(words, key=lambda word: (-word.count, word.word))


def _candidates(
    stream: Ids, lexicon: _Lexicon, npmi_of_tokens: dict[int, float]
) -> Iterator[NewWord]:
    """Yield each token that was a pair, with its evidence unrounded."""
    tokens = sorted(npmi_of_tokens)
    token_ids = np.array(tokens, dtype=np.int64)
    counts = np.bincount(stream, minlength=len(lexicon.names))
    entropies = _entropies(stream, token_ids)
    for token, (left, right) in zip(tokens, entropies, strict=True):
        yield NewWord(
            word=lexicon.names[token],
            count=int(counts[token]),
            npmi=npmi_of_tokens[token],
            left=left,
            right=right,
            parts=lexicon.parts[token],
        )


def _rounded(word: NewWord) -> NewWord:
    return replace(
        word,
        npmi=round(word.npmi, 3),
        left=round(word.left, 2),
        right=round(word.right, 2),
    )


def _spread(texts: Sequence[str | Article]) -> Sequence[str | Article]:
    """Return at most so many texts as are read, evenly spread."""
    step = len(texts) / _MAX_TEXTS
    if step <= 1:
        return texts
    sample = []
    for i in range(_MAX_TEXTS):
        place = int(i * step)
        sample.append(texts[place])
    return sample


def _stream(
    texts: Sequence[str | Article], segmenter: Segmenter, progress: Progress | None
) -> tuple[Ids, list[str]]:
    """Return the tokens of all texts one after another as numbers, and each number's token.

    0 is a break: the end of a paragraph, or a token that no new word may contain.
    """
    number_of: dict[str, int] = {}
    stream = [_BREAK]
    content = Segmenter(
        segmenter.user_words,
        segmenter.stop_words,
        latin=False,
        engine=segmenter.engine,
        traditional=segmenter.traditional,
    )
    n_texts = len(texts)
    for done, text in enumerate(texts, 1):
        for paragraph in _paragraphs_of(text):
            for token in segmenter.cut(paragraph):
                number = _BREAK
                if _HAN.fullmatch(token) and content.keeps(token):
                    following = len(number_of) + 1
                    number = number_of.setdefault(token, following)
                stream.append(number)
            stream.append(_BREAK)
        is_due = done % _TEXTS_PER_REPORT == 0 or done == n_texts
        if progress and is_due:
            progress("learning words", done, n_texts)
    return np.array(stream, dtype=np.int64), ["", *number_of]


def _paragraphs_of(text: str | Article) -> tuple[str, ...]:
    if isinstance(text, Article):
        return (text.headline, *text.paragraphs)
    return (text,)


def _merge(
    stream: Ids, lexicon: _Lexicon, min_count: int, min_npmi: float
) -> tuple[Ids, dict[int, float]]:
    """Make one token of every pair whose association is strong, and add it to the lexicon.

    Returns the new stream, and the normalised pointwise mutual information of each new token.
    """
    names = lexicon.names
    n_names = len(names)
    occurrences = np.bincount(stream, minlength=n_names)
    n_tokens = len(stream) - occurrences[_BREAK]
    npmi_of_pairs: dict[int, float] = {}
    pair_of_code: dict[int, int] = {}
    for code, count in _frequent_pairs(stream, n_names, min_count):
        first, second = divmod(code, n_names)
        n_characters = len(names[first]) + len(names[second])
        if n_characters > _MAX_CHARACTERS:
            continue
        npmi = _npmi(count, occurrences[first], occurrences[second], n_tokens)
        if npmi < min_npmi:
            continue
        pair = lexicon.add_pair(first, second)
        pair_of_code[code] = pair
        npmi_of_pairs[pair] = float(npmi)
    merged = _with_pairs(stream, pair_of_code, n_names)
    return merged, npmi_of_pairs


def _npmi(count: int, first: np.intp, second: np.intp, n_tokens: np.intp) -> np.float64:
    """Return the normalised pointwise mutual information of two tokens.

    *count* is how often the pair occurs; *first* and *second*, how often either token does.
    """
    ratio = count * n_tokens / (first * second)
    information = np.log(ratio)
    surprise = -np.log(count / n_tokens)
    npmi: np.float64 = information / surprise
    return npmi


def _codes(stream: Ids, n_names: int) -> Ids:
    """Return one number per pair of neighbouring tokens: first · n_names + second."""
    first = stream[:-1]
    second = stream[1:]
    return first * n_names + second


def _frequent_pairs(stream: Ids, n_names: int, min_count: int) -> Iterator[tuple[int, int]]:
    """Yield the code and the count of the pairs that occur at least so often."""
    is_token = stream != _BREAK
    is_pair = is_token[:-1] & is_token[1:]
    pair_codes = _codes(stream, n_names)[is_pair]
    codes, counts = np.unique(pair_codes, return_counts=True)
    is_frequent = counts >= min_count
    frequent_codes = codes[is_frequent]
    frequent_counts = counts[is_frequent]
    yield from zip(
        frequent_codes.tolist(),
        frequent_counts.tolist(),
        strict=True,
    )


def _with_pairs(stream: Ids, pair_of_code: dict[int, int], n_names: int) -> Ids:
    """Return the stream with one token in the place of each pair, from the left."""
    codes = _codes(stream, n_names)
    pair_codes = np.array(sorted(pair_of_code), dtype=np.int64)
    is_pair = np.isin(codes, pair_codes)
    places = np.flatnonzero(is_pair)
    merged = stream.copy()
    stays = np.ones(len(stream), dtype=bool)
    last_merged = -1
    for place in places.tolist():
        if place <= last_merged:  # A token is part of one pair only.
            continue
        code = int(codes[place])
        merged[place] = pair_of_code[code]
        last_merged = place + 1
        stays[last_merged] = False
    return merged[stays]


def _entropies(stream: Ids, tokens: Ids) -> Iterator[tuple[float, float]]:
    """Yield the entropies in bits of each token's left and right neighbours.

    Every break counts as a neighbour that occurs once.
    """
    last = len(stream) - 1
    is_candidate = np.isin(stream, tokens)
    places = np.flatnonzero(is_candidate)
    order = np.argsort(stream[places], kind="stable")
    places = places[order]
    sorted_stream = stream[places]
    begins = np.searchsorted(sorted_stream, tokens)
    ends = np.searchsorted(sorted_stream, tokens + 1)
    for begin, end in zip(begins, ends, strict=True):
        token_places = places[begin:end]
        before = token_places - 1
        after = np.minimum(token_places + 1, last)
        left = _entropy(stream[before])
        right = _entropy(stream[after])
        yield left, right


def _entropy(neighbours: Ids) -> float:
    is_break = neighbours == _BREAK
    tokens = neighbours[~is_break]
    breaks = neighbours[is_break]
    _, counts = np.unique(tokens, return_counts=True)
    once = np.ones(len(breaks))
    occurrences = np.concatenate([counts, once])
    n_neighbours = max(len(neighbours), 1)
    shares = occurrences / n_neighbours
    bits = shares * np.log2(shares)
    return float(-bits.sum())
