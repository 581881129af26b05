"""User dictionaries and stop words: their files, and what these hold; Segmenter uses them."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from research.articles.characters import heal
from research.errors import InputError
from research.files import read_text

# High enough that a user's word wins over its parts, low enough that it loses against a longer word
# of jieba's.
USER_FREQUENCY = 20_000
_LONGEST_WORD = 60  # characters

_LETTER = re.compile(r"[^\W_]")
_COMMENT = re.compile(r"(?:^|(?<=[\s,]))[#＃].*$")
_BLANKS = re.compile(r"\s+")
_BETWEEN_CELLS = re.compile(r"[ ]?[\t,][ \t,]*")
# iPhone 15: a word with a number, or a word that is frequent so many times?
_MAY_END_IN_NUMBER = re.compile(r"[A-Za-z][\w .+-]{0,58}[ ]\d{1,2}", re.ASCII)
_FREQUENCY = re.compile(r"\d{1,9}")
# Parts of speech as jieba, ICTCLAS and HanLP write them: without a frequency before it, nothing
# else ends an entry, for a word may hold spaces (Color OS).
_TAG = re.compile(
    r"""
    a[dgnl]? | b[gl]? | cc? | d[gl]? | eng | [ehikop] | f | g[bcgimp]? | j | l | m[gq]? | mg
    | n[glnxz]? | nr[12fjt]? | nrfg | ns[f]? | nt[ocfhsu]? | nis | nnt | pba | pbei | qv? | qt
    | r[grzy]? | rr | r[yz][stv]? | s | tg? | u[dgjlvyz]? | ude[123] | v[dfgilnqx]? | vshi | vyou
    | w[a-z]? | x[ux]? | y[g]? | zg?
    """,
    re.VERBOSE,
)
_HEADER_CELLS = {"word", "词", "词语", "詞", "詞語", "单词", "token", "term"}
_HEADER_CELLS |= {"freq", "frequency", "count", "词频", "频率", "tag", "pos", "词性"}


class UserWord(NamedTuple):
    """An entry of a user dictionary in jieba's format: word, frequency, part of speech."""

    word: str
    frequency: int = USER_FREQUENCY
    tag: str = "n"


def as_user_words(
    words: str | PathLike[str] | Iterable[UserWord | str | Iterable[object]],
) -> tuple[UserWord, ...]:
    """Return words given as a dictionary's path, as strings, or as UserWords."""
    if isinstance(words, str | PathLike):
        return tuple(read_user_dictionary(words))
    entries = []
    for word in words:
        entry = UserWord(word) if isinstance(word, str) else UserWord(*word)  # type: ignore[arg-type]
        entries.append(entry._replace(word=normal_word(entry.word)))
    return tuple(entries)


def as_stop_words(words: str | PathLike[str] | Collection[str]) -> frozenset[str]:
    """Return stop words given as a path, as "default", or one by one."""
    if isinstance(words, str) and words == "default":
        return default_stop_words()
    if isinstance(words, str | PathLike):
        return read_stop_words(words)
    return frozenset(words)


def normal_word(word: str) -> str:
    """Return a word as texts are brought to a form: NFKC, one space for blanks."""
    normal = unicodedata.normalize("NFKC", word)
    return _BLANKS.sub(" ", heal(normal).text).strip()


def read_user_dictionary(path: str | PathLike[str]) -> list[UserWord]:
    """Read a dictionary in jieba's format: one ``word [frequency] [tag]`` per line.

    The parts stand between spaces, tabs or commas. A word may hold spaces, brackets and any other
    mark; in quotation marks (``"Wi-Fi 6"``) it may end in a number; without them a Latin word
    before a small number is warned of. ``#`` after a blank starts a comment; a first line of names
    of columns is passed over.

    Raises
    ------
    InputError
        That lists every line that is no entry, or whose word can never match.
    """
    words: list[UserWord] = []
    problems: list[str] = []
    doubtful: list[str] = []
    for number, line in _entries(Path(path)):
        cells = _cells(line)
        is_first = not words and not problems
        if is_first and _HEADER_CELLS.issuperset(map(str.lower, cells)):
            continue
        try:
            words.append(_user_word(cells, line))
        except ValueError as error:
            problems.append(f"{path}:{number}: {error}")
        if _MAY_END_IN_NUMBER.fullmatch(line):
            doubtful.append(f"{path}:{number}: {line!r}")
    if problems:
        raise InputError("\n".join(problems))
    if doubtful:
        warnings.warn(
            f"{', '.join(doubtful)}: read as a word and its frequency; if the number is a part of "
            'the word, write it in quotation marks: "Wi-Fi 6"',
            stacklevel=2,
        )
    return words


def _cells(line: str) -> list[str]:
    """Return the parts of an entry: word, frequency, tag, as far as it has them."""
    if line.startswith('"') and '"' in line[1:]:
        word, _, rest = line[1:].partition('"')
        return [word, *rest.replace(",", " ").split()]
    has_cells = "\t" in line or "," in line.strip(",")
    if not has_cells:
        return _parted(line.strip(", "))
    cells = _BETWEEN_CELLS.split(line.strip("\t, "))
    if len(cells) > 2:
        return cells
    first, *others = cells
    return [*_parted(first), *others]


def _parted(text: str) -> list[str]:
    """Return word, frequency and tag that stand between spaces."""
    words = text.split()
    n_after_word = 0
    if len(words) > 2 and _FREQUENCY.fullmatch(words[-2]):
        n_after_word = 2
    elif len(words) > 1 and _is_frequency_or_tag(words[-1]):
        n_after_word = 1
    end = len(words) - n_after_word
    return [" ".join(words[:end]), *words[end:]]


def _is_frequency_or_tag(cell: str) -> bool:
    is_frequency = _FREQUENCY.fullmatch(cell) is not None
    return is_frequency or _TAG.fullmatch(cell) is not None


def _user_word(cells: list[str], line: str) -> UserWord:
    """Return an entry; raise ValueError, with the reason, where it is none."""
    word, *others = cells
    stripped = map(str.strip, others)
    rest = [cell for cell in stripped if cell]
    has_frequency = bool(rest) and _FREQUENCY.fullmatch(rest[0]) is not None
    is_disordered = has_frequency and _ends_in_tag(word)
    has_surplus = len(rest) > 1 + has_frequency
    if has_surplus or is_disordered:
        raise ValueError(f"{line!r} is not 'word [frequency] [tag]'; correct the line")
    frequency = int(rest[0]) if has_frequency else USER_FREQUENCY
    tag = rest[-1] if len(rest) > has_frequency else "n"
    word = normal_word(word)
    if not _LETTER.search(word):
        raise ValueError(f"{line!r} can never match: it has no letter; take it out")
    if frequency == 0:
        raise ValueError(f"{word!r} can never match: its frequency is 0; leave the number out")
    if len(word) > _LONGEST_WORD:
        raise ValueError(f"{word[:12]!r}… has {len(word)} characters and is no word; take it out")
    return UserWord(word, frequency, tag)


def _ends_in_tag(word: str) -> bool:
    """Return whether a word with spaces ends in what may be a part of speech."""
    parts = word.split()
    if not parts or " " not in word:
        return False
    return _TAG.fullmatch(parts[-1]) is not None


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
        entry = _COMMENT.sub("", line.replace("，", ",").replace("\u3000", " ")).strip()
        if entry:
            yield number, entry
