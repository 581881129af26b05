"""A saved e-paper of the Founder (方正) system → issue, pages, articles.

``node_*.htm(l)`` is a page: its links are its articles, its image map says where they stand. ``content_*.htm(l)`` is an
article, in one of the ways that the system's editions wrote it over the years.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from research.articles.article import Article, Box, around
from research.articles.dates import day_in_path, iso_date
from research.articles.html import one_line, paragraphs_of
from research.errors import InputError
from research.files import decode, natural
from research.pages.marks.bylines import take_bylines
from research.pages.marks.jumps import take_jumps
from research.pages.marks.kinds import kind_of
from research.pages.marks.spaces import tidy

_MAX_BYTES = 8_000_000
_NODE = re.compile(r"node_(\w+)\.html?$", re.IGNORECASE)
_CONTENT = re.compile(r"content_(\w+)\.html?$", re.IGNORECASE)
_PAGE_NAME = re.compile(r"第?\s*([A-Za-z]*\d{1,3})\s*版\s*[:：]?\s*(.*)")
_PROPERTY = re.compile(r"<!--\s*enpproperty(.*?)/?\s*enpproperty\s*-->", re.DOTALL | re.IGNORECASE)
_BODY = re.compile(
    r"<!--\s*enpcontent\s*-->(.*?)<!--\s*/\s*enpcontent\s*-->", re.DOTALL | re.IGNORECASE
)
_FOUNDER_BODY = re.compile(
    r"<founder-content\b[^>]*>(.*?)</founder-content\s*>", re.DOTALL | re.IGNORECASE
)
_LABELLED_ENCODING = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IssuePage:
    """A page of an issue: ``label`` as printed (``A03``), ``number`` its digits, ``box`` the extent of its image map."""

    label: str
    number: int | None
    name: str
    box: Box | None
    articles: tuple[Article, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One day's paper; ``problems`` names what could not be read, each with its file."""

    date: str | None
    pages: tuple[IssuePage, ...]
    problems: tuple[str, ...] = ()

    @property
    def articles(self) -> list[Article]:
        """The articles of all pages, in print order."""
        return [article for page in self.pages for article in page.articles]


def issue_folders(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the folders below *folder* that each hold one e-paper issue's pages, sorted."""
    files = [path for path in Path(folder).rglob("*_*.[hH][tT][mM]*") if path.is_file()]
    nodes = {path.parent for path in files if _NODE.match(path.name)}
    days = {day_in_path(parent) for parent in nodes}
    # Where pages and articles lie apart, the pages' folder stands for the issue.
    lone = {path.parent for path in files if _CONTENT.match(path.name)} - nodes
    return sorted(nodes | {parent for parent in lone if day_in_path(parent) not in days})


def read_issue(folder: str | os.PathLike[str]) -> Issue:
    """Read a saved Founder e-paper issue: its pages, and on each its articles.

    *folder* holds one day (``html/2023-12/20``, or ``pc`` with that day's ``layout/202312/20`` and ``con/202312/20``).
    Links are followed by file name, absolute or relative; a page file that is missing is made up for from what its
    articles say of it. Pages come in the issue's own order, articles in the page's; lead bylines and jump marks go
    where :class:`Article` has them.

    Raises InputError when the folder is missing, holds no e-paper, or more than one day.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; name the folder that holds an issue's node_*.htm files"
        )
    return _Reader(folder).issue()


@dataclass(slots=True)
class _Listed:
    """A page as the issue's list of pages names it."""

    label: str
    name: str
    file: str


@dataclass(slots=True)
class _Reader:
    folder: Path
    problems: list[str] = field(default_factory=list)
    contents: dict[str, Path] = field(default_factory=dict)
    nodes: dict[str, Path] = field(default_factory=dict)

    def issue(self) -> Issue:
        paths = [
            path for path in self._files() if _NODE.match(path.name) or _CONTENT.match(path.name)
        ]
        if not paths:
            raise InputError(
                f"{self.folder}: no node_*.htm or content_*.htm in it; name a saved Founder e-paper issue"
            )
        days = sorted({day for path in paths if (day := day_in_path(path.parent))})
        if len(days) > 1:
            raise InputError(
                f"{self.folder}: holds {len(days)} days ({days[0]} to {days[-1]}); name one day's folder"
            )
        for path in paths:
            (self.nodes if _NODE.match(path.name) else self.contents)[_key(path.name)] = path
        articles = {
            key: article
            for key, path in self.contents.items()
            if (article := self._article(path)) is not None
        }
        date = (
            days[0]
            if days
            else next(
                (article.article.date for article in articles.values() if article.article.date),
                None,
            )
        )
        return Issue(date, tuple(self._pages(articles, date)), tuple(self.problems))

    def _files(self) -> list[Path]:
        """Return the issue's files: below the folder, and where that holds pages only, in the folder of their articles."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        beside = _beside(self.folder)
        if beside and not any(_CONTENT.match(path.name) for path in files):
            files += sorted(path for path in beside.rglob("*") if path.is_file())
        return files

    def _pages(self, articles: dict[str, _Content], date: str | None) -> Iterator[IssuePage]:
        trees = {
            key: tree
            for key in sorted(self.nodes, key=natural)
            if (tree := self._parse(self.nodes[key])) is not None
        }
        listed: dict[str, _Listed] = {}
        for tree in trees.values():
            for entry in _page_list(tree):
                listed.setdefault(_key(entry.file), entry)
        for key, tree in trees.items():
            listed.setdefault(key, _Listed(*_own_name(tree), self.nodes[key].name))
        taken: set[str] = set()
        for key, entry in listed.items():
            keys, boxes, box = (
                self._links(trees[key], self.nodes[key])
                if key in trees
                else (self._standing_on(entry, articles, taken), {}, None)
            )
            number = int(digits[0]) if (digits := re.findall(r"\d+", entry.label)) else None
            kept = tuple(
                articles[k].on(number, boxes.get(k), date)
                for k in keys
                if k in articles and k not in taken
            )
            taken.update(keys)
            yield IssuePage(
                entry.label, number, entry.name, box, kept, str(self.nodes.get(key, entry.file))
            )
        lost = [key for key in articles if key not in taken]
        self.problems += [f"{self.contents[key]}: no page links to it" for key in lost]
        for name in dict.fromkeys(articles[key].page for key in lost):
            yield IssuePage(
                "",
                None,
                name,
                None,
                tuple(
                    articles[key].on(None, None, date) for key in lost if articles[key].page == name
                ),
            )

    def _standing_on(
        self, entry: _Listed, articles: dict[str, _Content], taken: set[str]
    ) -> list[str]:
        """Return the articles that name a page whose own file is missing."""
        keys = [
            key
            for key, content in articles.items()
            if content.page == entry.name and entry.name and key not in taken
        ]
        made_up = f"; {len(keys)} articles say they stand there" if keys else ""
        self.problems.append(
            f"{entry.file}: listed as 第{entry.label}版 {entry.name}, but missing{made_up}"
        )
        return keys

    def _links(
        self, tree: LexborHTMLParser, path: Path
    ) -> tuple[list[str], dict[str, Box], Box | None]:
        """Return the page's articles in its order, the boxes that its image map gives them, and the map's extent."""
        boxes: dict[str, Box] = {}
        order: dict[str, None] = {}
        for area in tree.css("area"):
            key = _target(area)
            box = _box(area.attributes.get("coords") or "")
            if key and box:
                boxes[key] = around([boxes[key], box]) if key in boxes else box
        for anchor in tree.css("a"):
            if key := _target(anchor):
                order[key] = None
        order |= dict.fromkeys(boxes)
        for key in order:
            if key not in self.contents:
                self.problems.append(f"{path}: links to {key}, which is missing")
        return [key for key in order if key in self.contents], boxes, _page_box(tree, boxes)

    def _parse(self, path: Path) -> LexborHTMLParser | None:
        text = self._text(path)
        return LexborHTMLParser(text) if text is not None else None

    def _text(self, path: Path) -> str | None:
        """Read a page's text; what cannot be read is a problem of the issue, not its end."""
        try:
            if (size := path.stat().st_size) > _MAX_BYTES:
                raise InputError(
                    f"{path}: {size:,} bytes is no e-paper page (at most {_MAX_BYTES:,})"
                )
            raw = path.read_bytes()
            if not raw.strip():
                raise InputError(f"{path}: empty; save it again")
            return _decode(raw, str(path))
        except (InputError, OSError) as error:
            self.problems.append(str(error))
            return None

    def _article(self, path: Path) -> _Content | None:
        text = self._text(path)
        if text is None:
            return None
        found = _content(text, path)
        if not found.article.paragraphs and not found.article.headline:
            self.problems.append(f"{path}: neither title nor body found")
            return None
        return found


@dataclass(frozen=True, slots=True)
class _Content:
    article: Article
    page: str

    def on(self, number: int | None, box: Box | None, date: str | None) -> Article:
        return replace(
            self.article,
            pages=() if number is None else (number,),
            boxes=() if box is None else (box,),
            date=self.article.date or date,
        )


def _content(text: str, path: Path) -> _Content:
    """Read an article from any edition's markup."""
    told = _PROPERTY.search(text)
    properties = told[1] if told else ""

    body = _FOUNDER_BODY.search(text)
    inner = body[1] if body else ""
    marked = _BODY.search(inner or text)
    if marked:
        inner = marked[1]
    elif not inner.strip():
        tree = LexborHTMLParser(text)
        node = (
            tree.css_first("#ozoom")
            or tree.css_first("#articleContent")
            or tree.css_first(".article-content")
        )
        inner = (node.html or "") if node else ""
    texts = [paragraph for piece in paragraphs_of(inner) if (paragraph := tidy(piece))]
    texts, jump_from, jump_to = take_jumps(texts)
    texts, lead, tail = take_bylines(texts)
    title = _named(text, "founder-title") or _named(properties, "title") or _heading(text)
    author = _named(text, "founder-author") or _named(properties, "author")
    date = None
    for given in (
        _named(text, "founder-date"),
        _named(properties, "date"),
        day_in_path(path.parent) or "",
    ):
        try:
            date = iso_date(given) if given else None
        except ValueError:
            continue
        if date:
            break
    byline = author or " ".join(part for part in (lead, tail) if part)
    article = Article(
        kind_of(title, texts, jump_from, bool(lead)),
        title,
        byline,
        date,
        tuple(texts),
        jump_from=jump_from,
        jump_to=jump_to,
        id=_named(properties, "articleid") or _key(path.name).removeprefix("content_"),
        intro_title=_named(text, "founder-introtitle") or _named(properties, "introtitle"),
        subtitle=_named(text, "founder-subtitle") or _named(properties, "subtitle"),
    )
    return _Content(article, _named(properties, "nodename"))


def _named(markup: str, name: str) -> str:
    """Return the text of a field, "" where there is none."""
    found = re.search(rf"<{name}\b[^>]*>(.*?)</{name}\s*>", markup, re.DOTALL | re.IGNORECASE)
    return one_line(found[1]) if found else ""


def _heading(text: str) -> str:
    """Return the title from the page itself, where no field names it."""
    tree = LexborHTMLParser(text)
    for place in ("h1", "h2", ".title", "#title", "title"):
        node = tree.css_first(place)
        if node and (plain := one_line(node.html or "")):
            return plain
    return ""


def _page_list(tree: LexborHTMLParser) -> Iterator[_Listed]:
    for anchor in tree.css("a"):
        link = anchor.attributes.get("href") or ""
        name = _file_name(link)
        if _NODE.match(name) and (found := _PAGE_NAME.search(" ".join(anchor.text().split()))):
            yield _Listed(found[1].upper(), found[2].strip(), name)


def _own_name(tree: LexborHTMLParser) -> tuple[str, str]:
    """Return a page's label and name from its own text, where no list of pages names it."""
    for place in ("title", "body"):
        node = tree.css_first(place)
        if node and (
            found := re.search(
                r"第?\s*([A-Za-z]?\d{1,3})\s*版\s*[:：]\s*([\u4e00-\u9fff·A-Za-z]{1,12})",
                node.text(),
            )
        ):
            return found[1].upper(), found[2]
    return "", ""


def _target(node: LexborNode) -> str:
    name = _file_name(node.attributes.get("href") or "")
    return _key(name) if _CONTENT.match(name) else ""


def _file_name(link: str) -> str:
    try:
        return PurePosixPath(unquote(urlsplit(link.strip().replace("\\", "/")).path)).name
    except ValueError:
        return ""


def _key(name: str) -> str:
    """Return a file's name without its ending: ``content_12.htm`` and ``content_12.html`` are one."""
    return name.rpartition(".")[0].lower()


def _box(coords: str) -> Box | None:
    """Return the box around an image-map area's points, two numbers a point."""
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", coords)]
    if len(numbers) < 4:
        return None
    across, down = numbers[0::2], numbers[1::2]
    return min(across), min(down[: len(across)]), max(across), max(down)


def _page_box(tree: LexborHTMLParser, boxes: dict[str, Box]) -> Box | None:
    for image in tree.css("img[usemap]"):
        sizes = [
            re.match(r"\d+(?:\.\d+)?", image.attributes.get(name) or "")
            for name in ("width", "height")
        ]
        if sizes[0] and sizes[1]:
            return 0.0, 0.0, float(sizes[0][0]), float(sizes[1][0])
    return around(boxes.values()) if boxes else None


def _beside(folder: Path) -> Path | None:
    """Return the folder of the articles of pages that lie apart: ``con`` for ``layout``."""
    parts = folder.resolve().parts
    if "layout" not in parts:
        return None
    at = len(parts) - 1 - parts[::-1].index("layout")
    for name in ("con", "content"):
        other = Path(*parts[:at], name, *parts[at + 1 :])
        if other.is_dir():
            return other
    return None


def _decode(raw: bytes, source: str) -> str:
    """Decode a page; where its bytes do not show its encoding, as it says of itself."""
    try:
        return decode(raw, source).text
    except InputError:
        labelled = _LABELLED_ENCODING.search(raw[:4096])
        if not labelled:
            raise
        name = labelled[1].decode("ascii").lower()
        return decode(raw, source, "gb18030" if name.startswith("gb") else name).text
