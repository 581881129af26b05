"""Segmentation (分词): the only door to jieba and rjieba.

A Segmenter owns its dictionary: two of them in one program do not see each other's words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import accumulate, chain, pairwise
from os import PathLike
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from research.errors import InputError
from research.files import read_text

# High enough that a user's word wins over its parts, low enough that it loses against a longer word
# of jieba's.
USER_FREQUENCY = 20_000
_MAX_REMEMBERED_TOKENS = 1_000_000

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z]")
# No part of an address is a word of the text.
_LINK = re.compile(
    r"""
    (?: https?:// | www\. ) [!-~]+        # of a web page
    | (?<![\w.+-]) [\w.+-]++ @ [\w-]++ (?: \. [\w-]++ )++  # of mail
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_DIGITS = "零一二两三四五六七八九十百千万亿"
_NUMBER = re.compile(
    rf"""
    (?= [.,%‰/:\-]*+ \d ) [\d.,%‰/:\-]++                        # 247, 1.5, 30%, 3/4, 8:30
    | [〇{_DIGITS}第几数余多]* [{_DIGITS}] [余多]* [{_DIGITS}余多]  # 三十, 第十二, 几百, 二十余
    """,
    re.VERBOSE,
)

# Characters that jieba does not take for Chinese, and its rule for what is not Chinese.
_RARE = re.compile(r"([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_JIEBA_ASCII = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")


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
    Punctuation and addresses of web and mail are always dropped.

    Parameters
    ----------
    user_words : iterable of UserWord, default none
        Words that the segmenter knows besides jieba's dictionary.
    stop_words : "default" or collection of str
        Tokens that are dropped; ``"default"`` is the list that ships with the package.
    numbers : bool, default False
        Whether numbers stay.
    latin : bool, default True
        Whether tokens of Latin letters stay.
    min_length : int, default 1
        Fewest characters of a token that stays.
    engine : "rjieba" or "jieba", default "rjieba"
        Both give the same tokens; rjieba is faster.

    Examples
    --------
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
        if isinstance(stop_words, str):
            stop_words = default_stop_words()
        self.stop_words = frozenset(stop_words)
        self.numbers = numbers
        self.latin = latin
        self.min_length = min_length
        self.engine = engine
        self._cutter = _cutter(engine, self.user_words)
        self._token_of = _CountedTokens(self.keeps)

    def __deepcopy__(self, memo: dict[int, Any]) -> Segmenter:
        """Return itself: nothing in it changes, and sklearn.clone copies what it is given."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the state: the cutter, which lives outside Python, is built anew."""
        return Segmenter.from_state, (self.state(),)

    def __call__(self, text: str) -> list[str]:
        """Return ``segment(text)``, so that it is an ``analyzer`` of scikit-learn's vectorisers."""
        return self.segment(text)

    def cut(self, text: str) -> list[str]:
        """Return jieba's segmentation of the NFKC text; its tokens join to the text."""
        normal = unicodedata.normalize("NFKC", text)
        return list(self._cutter.cut(normal))

    def segment(self, text: str) -> list[str]:
        """Return the tokens that count, in order."""
        if len(self._token_of) > _MAX_REMEMBERED_TOKENS:
            self._token_of.clear()
        raw_tokens = self.cut(_without_links(text))
        tokens = map(self._token_of.__getitem__, raw_tokens)
        return list(filter(None, tokens))

    def places(self, text: str) -> list[tuple[str, int, int]]:
        """Return the tokens that count, each with its place in *text*.

        The place is that of its first character and that after its last; no token is returned
        where NFKC changes the text's length as a whole.

        >>> Segmenter().places("优化 环境")
        [('优化', 0, 2), ('环境', 3, 5)]
        """
        origins = _origins(text)
        raw_tokens = self.cut(_without_links(text))
        ends = list(accumulate(map(len, raw_tokens), initial=0))
        if ends[-1] != len(origins):
            return []
        places = []
        for raw, (begin, end) in zip(raw_tokens, pairwise(ends), strict=True):
            token = raw.lower()
            if self.keeps(token):
                last = origins[end - 1]
                places.append((token, origins[begin], last + 1))
        return places

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
        """Return all that defines this segmenter, as JSON types, for ``Segmenter.from_state``."""
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
        """Return the segmenter whose ``state`` this is."""
        settings = dict(state)
        words = []
        for word, frequency, tag in settings.pop("user_words"):
            user_word = UserWord(str(word), int(frequency), str(tag))
            words.append(user_word)
        return cls(words, **settings)


def _without_links(text: str) -> str:
    """Return a text with spaces in the place of addresses."""
    if "@" in text or "://" in text or "www." in text.lower():
        return _LINK.sub(_spaces, text)
    return text


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _origins(text: str) -> list[int]:
    """Return the place in *text* from which each character of its NFKC form comes.

    NFKC may make several characters of one (… → ...) or join two.
    """
    origins = []
    for place, character in enumerate(text):
        normal = unicodedata.normalize("NFKC", character)
        origins.extend([place] * len(normal))
    return origins


class _CountedTokens(dict[str, str]):
    """Tokens as jieba cuts them → tokens that count, "" for those that do not.

    Each is examined once.
    """

    def __init__(self, keeps: Callable[[str], bool]) -> None:
        self.keeps = keeps

    def __missing__(self, raw: str) -> str:
        token = raw.lower()
        if not self.keeps(token):
            token = ""
        self[raw] = token
        return token


class _Rjieba:
    """rjieba, brought to jieba's own tokens.

    The two differ in two respects: rjieba keeps ``3-7`` and ``a.com`` whole where jieba cuts them,
    and takes rare characters for Chinese, each of which is a token of its own for jieba.
    """

    def __init__(self) -> None:
        import rjieba

        self._jieba = rjieba.Jieba()
        self.add_word = self._jieba.add_word

    def cut(self, text: str) -> Iterable[str]:
        pieces = _RARE.split(text)
        if len(pieces) == 1:
            return self._cut_common(text)
        return chain.from_iterable(map(self._cut_piece, pieces))

    def _cut_piece(self, piece: str) -> Iterable[str]:
        """Return the tokens of a piece; a rare character is its own, and no text has none."""
        if len(piece) <= 1:
            return piece
        return self._cut_common(piece)

    def _cut_common(self, text: str) -> Iterable[str]:
        tokens: list[str] = self._jieba.cut(text)
        # Length first: it leaves the fewest to examine, and every token of a corpus comes by.
        ascii_tokens = {token for token in tokens if len(token) > 1 and token.isascii()}
        parts_of = {}
        for token in ascii_tokens:
            if token.isalnum() or self._jieba.has_word(token):
                continue
            parts = _JIEBA_ASCII.split(token)
            parts_of[token] = tuple(filter(None, parts))
        if not parts_of:
            return tokens
        return chain.from_iterable(parts_of.get(token, (token,)) for token in tokens)


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
    """Read a dictionary in jieba's format: one ``word [frequency] [tag]`` per line.

    ``#`` starts a comment. Raises InputError for a line of another form.
    """
    words = []
    for number, line in _entries(Path(path)):
        normal = unicodedata.normalize("NFKC", line)
        word, *rest = normal.split()
        has_frequency = bool(rest) and rest[0].isdigit()
        if len(rest) > 2 or (len(rest) == 2 and not has_frequency):
            raise InputError(
                f"{path}:{number}: {line!r} is not 'word [frequency] [tag]'; correct the line"
            )
        frequency = int(rest[0]) if has_frequency else USER_FREQUENCY
        has_tag = bool(rest) and not rest[-1].isdigit()
        tag = rest[-1] if has_tag else "n"
        words.append(UserWord(word, frequency, tag))
    return words


def read_stop_words(path: str | PathLike[str]) -> frozenset[str]:
    """Read stop words, one or more per line; ``#`` starts a comment."""
    words: set[str] = set()
    for _, line in _entries(Path(path)):
        words.update(normal_token(line).split())
    return frozenset(words)


def normal_token(text: str) -> str:
    """Return text as tokens have it: in NFKC, Latin in lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


@cache
def default_words() -> tuple[UserWord, ...]:
    """Return the words of news that ship with the package.

    jieba's dictionary lacks them (乡村振兴, 十九大, 一带一路).
    """
    with resources.as_file(resources.files("research.text") / "news_words.txt") as path:
        return tuple(read_user_dictionary(path))


@cache
def default_stop_words() -> frozenset[str]:
    """Return the stop words that ship with the package.

    They are function words, and the words of news prose that carry no news.
    """
    with resources.as_file(resources.files("research.text") / "stop_words.txt") as path:
        return read_stop_words(path)


def _entries(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that have more than a comment, with their number from 1."""
    lines = read_text(path).text.splitlines()
    for number, line in enumerate(lines, 1):
        entry, _, _ = line.partition("#")
        entry = entry.strip()
        if entry:
            yield number, entry
