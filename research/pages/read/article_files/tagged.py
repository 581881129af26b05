"""Text that is segmented and tagged: ``19980101-01-001-002/m 栖川/ns …``, a paragraph a line.

The number is day, page, article and paragraph (the corpus of 人民日报 of 1998). Without numbers,
each line is a paragraph of one article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from research.articles.headings import is_body
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.epaper.form import ArticleFile

_NUMBER = re.compile(r"^\s*(\d{8})-([A-Za-z]?\d{2,3})-(\d{3})-(\d{3,4})(?:/\w{1,3})?(?:\s+(.*))?$")
_TAGGED = re.compile(r"^\[?(.+?)/([A-Za-z]{1,4}\d?)(?:\]/?[A-Za-z]{0,4})?(?:![A-Za-z\d]*)?$")
_READING = re.compile(r"\{[a-z\d]{1,8}\}")  # of a character with several: 重{chong2}
_TOP_LINES = 20
_MIN_TAGGED_TOKENS = 10
_MIN_TAGGED_SHARE = 0.9


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Return the words of a line, each with whether it had a tag."""
    tokens = []
    for token in text.split():
        tagged = _TAGGED.match(token)
        word = tagged[1] if tagged else token.strip("[")
        tokens.append((_READING.sub("", word), tagged is not None))
    return tokens


def _plain(text: str) -> str:
    """Return a line's text without tags; a space stays between two Latin words."""
    plain = ""
    for word, _ in _tokens(text):
        if plain and _is_latin(plain[-1]) and _is_latin(word[:1]):
            plain += " "
        plain += word
    return plain


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _recognises(file: TextFile) -> bool:
    filled = [line for line in file.lines[: 2 * _TOP_LINES] if line.strip()]
    top = filled[:_TOP_LINES]
    if any(map(_NUMBER.match, top)):
        return True
    n_tokens = n_tagged = 0
    for line in top:
        tokens = _tokens(line)
        n_tokens += len(tokens)
        n_tagged += sum(is_tagged for _, is_tagged in tokens)
    return n_tagged >= max(_MIN_TAGGED_TOKENS, _MIN_TAGGED_SHARE * n_tokens)


def _read(file: TextFile) -> Reading:
    reading = Reading()
    key: tuple[str, ...] = ()
    texts: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(file.lines, 1):
        if not line.strip():
            continue
        match = _NUMBER.match(line)
        if match and match.group(1, 2, 3) != key:
            _close(reading, key, texts, numbers)
            key, texts, numbers = match.group(1, 2, 3), [], []
        text = _plain((match[5] or "") if match else line)
        if text:
            texts.append(text)
            numbers.append(number)
        else:
            reading.aside["empty paragraph"] += 1
    _close(reading, key, texts, numbers)
    return reading


def _close(
    reading: Reading, key: Sequence[str], texts: Sequence[str], numbers: Sequence[int]
) -> None:
    """Add an article of these paragraphs; the first is the headline where it is no sentence."""
    if not texts:
        return
    day, page, article = key or ("", "", "")
    headline, paragraphs = "", list(texts)
    if len(texts) > 1 and not is_body(texts[0]):
        headline, *paragraphs = texts
    fields = ArticleFile(
        paragraphs=tuple(paragraphs),
        headline=headline,
        dates=(day,) if day else (),
        id=f"{day}-{page}-{article}" if day else "",
        page_label=page.upper(),
    )
    reading.entries.append(Entry(fields, (numbers[0], numbers[-1])))


TAGGED = FileForm("segmented and tagged text", _recognises, _read)
