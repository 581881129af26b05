"""Segmentation (分词): the only door to jieba and rjieba.

A Segmenter owns its dictionary: two of them in one program do not see each other's words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import accumulate, chain
from os import PathLike
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from research.errors import InputError
from research.files import read_text

# High enough that a user's word wins over its parts, low enough to lose against a longer word of jieba's.
USER_FREQUENCY = 20_000
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z]")
# Addresses: no part of one is a word of the text.
_LINK = re.compile(
    r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII | re.IGNORECASE
)
_DIGITS = "零一二两三四五六七八九十百千万亿"
_NUMBER = re.compile(
    rf"[\d.,%‰/:\-]*\d[\d.,%‰/:\-]*|[〇{_DIGITS}第几数余多]*[{_DIGITS}][{_DIGITS}余多]+"
)

# What jieba does not take for Chinese, and its rule for what is not Chinese.
_RARE = re.compile(r"([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_JIEBA_ASCII = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_MOST_REMEMBERED = 1_000_000


class UserWord(NamedTuple):
    """An entry of a user dictionary in jieba's format: word, frequency, part of speech."""

    word: str
    frequency: int = USER_FREQUENCY
    tag: str = "n"


class _Cutter(Protocol):
    def cut(self, text: str) -> Iterable[str]: ...


class Segmenter:
    """Cut Chinese text into tokens.

    Text is brought to NFKC first (full-width digits and letters become plain), Latin to lower case.
    Punctuation and addresses of web and mail are always dropped; *numbers* and *latin* say whether those tokens stay; tokens shorter
    than *min_length* characters go. *stop_words* is ``"default"`` (the list that ships), or a collection.

    >>> Segmenter(numbers=True).segment("全市优良天数达247天。")
    ['全市', '优良', '天数', '达', '247', '天']
    """

    def __init__(
        self,
        user_words: Iterable[UserWord] = (),
        stop_words: Collection[str] | Literal["default"] = "default",
        *,
        numbers: bool = False,
        latin: bool = True,
        min_length: int = 1,
        engine: Literal["rjieba", "jieba"] = "rjieba",
    ) -> None:
        self.user_words = tuple(user_words)
        self.stop_words = (
            default_stop_words() if isinstance(stop_words, str) else frozenset(stop_words)
        )
        self.numbers = numbers
        self.latin = latin
        self.min_length = min_length
        self.engine = engine
        self._cutter = _cutter(engine, self.user_words)
        self._kept = _Remembered(lambda raw: token if self.keeps(token := raw.lower()) else "")

    def __deepcopy__(self, memo: dict[int, Any]) -> Segmenter:
        """Return itself: nothing in it changes, and sklearn.clone copies what an estimator is given."""
        return self

    def cut(self, text: str) -> list[str]:
        """Return jieba's segmentation of the NFKC text, nothing dropped (the tokens join to the text)."""
        return list(self._cutter.cut(unicodedata.normalize("NFKC", text)))

    def segment(self, text: str) -> list[str]:
        """Return the tokens that count, in order."""
        if len(self._kept) > _MOST_REMEMBERED:
            self._kept.clear()
        return [token for raw in self.cut(_without_links(text)) if (token := self._kept[raw])]

    def places(self, text: str) -> list[tuple[str, int, int]]:
        """Return the tokens that count, each with its first character in *text* and the one after its last."""
        # NFKC may make one character several (… → ...) or join two: where a token stands is where its characters came from.
        origin = [
            place for place, char in enumerate(text) for _ in unicodedata.normalize("NFKC", char)
        ]
        raw = self.cut(_without_links(text))
        if sum(map(len, raw)) != len(origin):
            return []
        ends = list(accumulate(map(len, raw)))
        spans = zip(raw, [0, *ends], ends, strict=False)
        return [
            (token.lower(), origin[begin], origin[end - 1] + 1)
            for token, begin, end in spans
            if self.keeps(token.lower())
        ]

    def keeps(self, token: str) -> bool:
        """Return whether a token counts."""
        if len(token) < self.min_length or token in self.stop_words:
            return False
        if _NUMBER.fullmatch(token):
            return self.numbers
        if _HAN.search(token):
            return True
        if _LATIN.search(token):
            return self.latin
        return self.numbers and token.isdigit()

    def state(self) -> dict[str, Any]:
        """Return all that makes this segmenter, as JSON types; ``Segmenter.from_state`` undoes it."""
        return {
            "user_words": [list(word) for word in self.user_words],
            "stop_words": sorted(self.stop_words),
            "numbers": self.numbers,
            "latin": self.latin,
            "min_length": self.min_length,
            "engine": self.engine,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Segmenter:
        words = [
            UserWord(str(word), int(frequency), str(tag))
            for word, frequency, tag in state["user_words"]
        ]
        return cls(words, **{key: value for key, value in state.items() if key != "user_words"})


def _without_links(text: str) -> str:
    """Return a text with spaces in the place of addresses."""
    if "@" in text or "://" in text or "www." in text.lower():
        return _LINK.sub(lambda found: " " * len(found[0]), text)
    return text


class _Remembered(dict[str, str]):
    """What a function said of each string."""

    def __init__(self, function: Callable[[str], str]) -> None:
        self.function = function

    def __missing__(self, key: str) -> str:
        self[key] = said = self.function(key)
        return said


class _Rjieba:
    """rjieba, brought to jieba's own tokens.

    The two differ in two things: rjieba keeps ``3-7`` and ``a.com`` whole where jieba cuts them, and takes
    rare characters for Chinese that jieba lets stand alone.
    """

    def __init__(self) -> None:
        import rjieba

        self._jieba = rjieba.Jieba()
        self.add_word = self._jieba.add_word

    def cut(self, text: str) -> Iterable[str]:
        pieces = _RARE.split(text)
        return (
            self._cut_common(text)
            if len(pieces) == 1
            else chain.from_iterable(
                self._cut_common(piece) if len(piece) > 1 else piece for piece in pieces
            )
        )

    def _cut_common(self, text: str) -> Iterable[str]:
        tokens: list[str] = self._jieba.cut(text)
        # Length first: it leaves the fewest to ask more of, and this is asked of every token of a corpus.
        whole = {
            token
            for token in tokens
            if len(token) > 1
            and token.isascii()
            and not token.isalnum()
            and not self._jieba.has_word(token)
        }
        if not whole:
            return tokens
        parts = {token: tuple(filter(None, _JIEBA_ASCII.split(token))) for token in whole}
        return chain.from_iterable(parts[token] if token in whole else (token,) for token in tokens)


def _cutter(engine: str, user_words: Sequence[UserWord]) -> _Cutter:
    cutter: Any
    if engine == "rjieba":
        cutter = _Rjieba()
    else:
        import logging

        import jieba

        logging.getLogger("jieba").setLevel(logging.WARNING)
        cutter = jieba.Tokenizer()
    for word in user_words:
        cutter.add_word(word.word, word.frequency, word.tag)
    return cutter  # type: ignore[no-any-return]


def read_user_dictionary(path: str | PathLike[str]) -> list[UserWord]:
    """Read a dictionary in jieba's format: ``word [frequency] [tag]`` a line; ``#`` starts a comment."""
    words = []
    for number, line in _entries(Path(path)):
        word, *rest = unicodedata.normalize("NFKC", line).split()
        if len(rest) > 2 or (len(rest) == 2 and not rest[0].isdigit()):
            raise InputError(
                f"{path}:{number}: {line!r} is not 'word [frequency] [tag]'; mend the line"
            )
        frequency = int(rest[0]) if rest and rest[0].isdigit() else USER_FREQUENCY
        tag = rest[-1] if rest and not rest[-1].isdigit() else "n"
        words.append(UserWord(word, frequency, tag))
    return words


def read_stop_words(path: str | PathLike[str]) -> frozenset[str]:
    """Read stop words, one or more a line; ``#`` starts a comment."""
    return frozenset(
        word
        for _, line in _entries(Path(path))
        for word in unicodedata.normalize("NFKC", line).lower().split()
    )


@cache
def default_words() -> tuple[UserWord, ...]:
    """The words of news that ship with the package, for jieba's dictionary lacks them (乡村振兴, 十九大, 一带一路)."""
    with resources.as_file(resources.files("research.text") / "news_words.txt") as path:
        return tuple(read_user_dictionary(path))


@cache
def default_stop_words() -> frozenset[str]:
    """The list that ships with the package (function words and the empty words of news prose)."""
    with resources.as_file(resources.files("research.text") / "stop_words.txt") as path:
        return read_stop_words(path)


def _entries(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(read_text(path).text.splitlines(), 1):
        if stripped := line.split("#", 1)[0].strip():
            yield number, stripped
