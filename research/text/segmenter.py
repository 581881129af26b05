"""Segmentation (分词): the only door to jieba and rjieba.

A Segmenter owns its dictionary: two of them in one program do not see each other's words.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate, chain, pairwise
from os import PathLike
from typing import Any, Literal, Protocol

from research.articles.article import Text
from research.articles.characters import heal
from research.articles.traditional import is_traditional, simplified, simplified_article
from research.text.dictionaries import UserWord as UserWord
from research.text.dictionaries import as_stop_words, as_user_words
from research.text.dictionaries import default_stop_words as default_stop_words
from research.text.dictionaries import default_words as default_words
from research.text.dictionaries import normal_token as normal_token
from research.text.dictionaries import read_stop_words as read_stop_words
from research.text.dictionaries import read_user_dictionary as read_user_dictionary
from research.text.whole_words import Names, Span, WholeWords, cut_apart_by_jieba, plain_token

_MAX_REMEMBERED_TOKENS = 1_000_000
_MAX_WARNINGS = 5  # User words that are named in a warning.
_OTHER_INTERPUNCT = re.compile("[•‧・∙⋅]")

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


class _Cutter(Protocol):
    def cut(self, text: str) -> Iterable[str]: ...

    def knows(self, word: str) -> bool: ...


class Segmenter:
    """Cut Chinese text into tokens.

    Text is brought to NFKC first (full-width digits and letters become plain), Latin to lower case.
    Punctuation and addresses of web and mail are always dropped. Foreign names with an interpunct
    (弗拉基米尔·普京) are one token.

    Parameters
    ----------
    user_words : path, or iterable of UserWord or str, default none
        Words that the segmenter knows besides jieba's dictionary. They may hold spaces, brackets,
        an interpunct, Latin and rare characters; Latin matches in any case.
    stop_words : "default", path or collection of str
        Tokens that are dropped; ``"default"`` is the list that ships with the package.
    numbers : bool, default False
        Whether numbers stay.
    latin : bool, default True
        Whether tokens of Latin letters stay.
    min_length : int, default 1
        Fewest characters of a token that stays.
    engine : "rjieba" or "jieba", default "rjieba"
        Both give the same tokens; rjieba is faster.
    traditional : "convert" or "keep", default "convert"
        Whether a text that is mostly in traditional characters is read in simplified ones. Places
        stay; jieba's dictionary and the models that ship are simplified.

    Warns
    -----
    UserWarning
        Of user words that can never be tokens, each with the reason.

    Examples
    --------
    >>> Segmenter(numbers=True).segment("全市优良天数达247天。")
    ['全市', '优良', '天数', '达', '247', '天']
    """

    def __init__(
        self,
        user_words: str | PathLike[str] | Iterable[UserWord | str] = (),
        stop_words: str | PathLike[str] | Collection[str] = "default",
        *,
        numbers: bool = False,
        latin: bool = True,
        min_length: int = 1,
        engine: Literal["rjieba", "jieba"] = "rjieba",
        traditional: Literal["convert", "keep"] = "convert",
    ) -> None:
        self.user_words = as_user_words(user_words)
        self.stop_words = as_stop_words(stop_words)
        self.traditional = traditional
        self.numbers = numbers
        self.latin = latin
        self.min_length = min_length
        self.engine = engine
        words = self._words_of_texts()
        self._cutter = _cutter(engine, words)
        whole = (word.word for word in words if cut_apart_by_jieba(word.word))
        self._whole_words = WholeWords(whole)
        self._names = Names(self._cutter.cut, self._cutter.knows)
        self._token_of = _CountedTokens(self.keeps)
        self._warn_of_unmatched()

    def _words_of_texts(self) -> list[UserWord]:
        """Return the user words as texts have them when they are cut."""
        if self.traditional == "keep":
            return list(self.user_words)
        words = []
        for word in self.user_words:
            words.append(word)
            if is_traditional(word.word):
                words.append(word._replace(word=simplified(word.word)))
        return words

    def _warn_of_unmatched(self) -> None:
        """Warn of user words that can never be tokens."""
        if not self.user_words:
            return  # Most segmenters have none, and the words that ship are in a file.
        shipped = set(default_words())
        reasons = []
        for word in self.user_words:
            if word in shipped:
                continue
            if reason := self._why_unmatched(word):
                reasons.append(f"{word.word!r}: {reason}")
        if reasons:
            shown = "; ".join(reasons[:_MAX_WARNINGS])
            more = " …" if len(reasons) > _MAX_WARNINGS else ""
            warnings.warn(f"{len(reasons)} user words can never match: {shown}{more}", stacklevel=3)

    def _why_unmatched(self, word: UserWord) -> str:
        """Return why a word can never be a token, "" where it can."""
        if _LINK.search(word.word):
            return "addresses are left out of texts"
        tokens = self.cut(word.word)
        if len(tokens) > 1:
            parts = " ".join(tokens)
            return f"with frequency {word.frequency} it is cut into {parts}; leave the number out"
        token = plain_token(tokens[0])
        # A stop word of the user's own is in the dictionary so that it is dropped whole.
        if self.keeps(token) or token in self.stop_words - default_stop_words():
            return ""
        return "stop words, numbers, Latin or short words are dropped, and it is one"

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
        """Return the segmentation of the text in its normal form; its tokens join to it."""
        normal = self._normal(text)
        spans = self._whole_words.spans(normal)
        if "·" in normal or _OTHER_INTERPUNCT.search(normal):
            spans = _merged(spans, self._names.spans(normal))
        if not spans:
            return list(self._cutter.cut(normal))
        tokens: list[str] = []
        place = 0
        for begin, end in spans:
            tokens += self._cutter.cut(normal[place:begin])
            tokens.append(normal[begin:end])
            place = end
        tokens += self._cutter.cut(normal[place:])
        return tokens

    def plain(self, article: Text) -> Text:
        """Return an article or text as its features are read: simplified, if it is to be."""
        return simplified_article(article) if self.traditional == "convert" else article

    def _normal(self, text: str) -> str:
        normal = heal(unicodedata.normalize("NFKC", text)).text
        if self.traditional == "convert" and is_traditional(normal):
            return simplified(normal)
        return normal

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
            token = plain_token(raw)
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
        state: dict[str, Any] = {
            "user_words": [list(word) for word in self.user_words],
            "stop_words": sorted(self.stop_words),
            "numbers": self.numbers,
            "latin": self.latin,
            "min_length": self.min_length,
            "engine": self.engine,
        }
        if self.traditional != "convert":
            state["traditional"] = self.traditional
        return state

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Segmenter:
        """Return the segmenter whose ``state`` this is."""
        settings = dict(state)
        words = []
        for word, frequency, tag in settings.pop("user_words"):
            user_word = UserWord(str(word), int(frequency), str(tag))
            words.append(user_word)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Whoever made the words was warned.
            return cls(words, **settings)


def _merged(words: list[Span], names: list[Span]) -> list[Span]:
    """Return the places of words, and those of names that overlap none of them."""
    free = []
    for begin, end in names:
        if all(end <= first or last <= begin for first, last in words):
            free.append((begin, end))
    return sorted(words + free)


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
        normal = heal(unicodedata.normalize("NFKC", character)).text
        origins.extend([place] * len(normal))
    return origins


class _CountedTokens(dict[str, str]):
    """Tokens as jieba cuts them → tokens that count, "" for those that do not.

    Each is examined once.
    """

    def __init__(self, keeps: Callable[[str], bool]) -> None:
        self.keeps = keeps

    def __missing__(self, raw: str) -> str:
        token = plain_token(raw)
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
        self.knows = self._jieba.has_word

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
        cutter.initialize()
        cutter.knows = cutter.FREQ.get
    for word in user_words:
        if not cut_apart_by_jieba(word.word):
            cutter.add_word(word.word, word.frequency, word.tag)
    return cutter  # type: ignore[no-any-return]
