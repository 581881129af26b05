"""What a file truly is, whatever its ending says: by its first bytes, else by its ending."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal, NamedTuple

Readable = Literal["text", "html", "docx", "pdf"]
_FIRST_BYTES = 4096
_ZIP = b"PK\x03\x04"


class TrueName(NamedTuple):
    """What a file is, and for one that is not read, its name and what to do."""

    readable: Readable | None
    name: str = ""
    remedy: str = ""


_SAVE_AS_TEXT = "save it as .docx or .txt"
_OLD_WORD = TrueName(None, "a Word document of before 2007 (.doc)", _SAVE_AS_TEXT)
_OLD_OFFICE = TrueName(None, "an Office file of before 2007", _SAVE_AS_TEXT)
_RTF = TrueName(None, "rich text (RTF)", _SAVE_AS_TEXT)
_EPUB = TrueName(None, "an e-book (EPUB)", "convert it to .txt")
_MOBI = TrueName(None, "an e-book (MOBI)", "convert it to .txt")
_CAJ = TrueName(None, "a CNKI file (CAJ)", "export it as PDF or text")
_ODT = TrueName(None, "an OpenDocument text (.odt)", _SAVE_AS_TEXT)
_WPS = TrueName(None, "a WPS document (.wps)", _SAVE_AS_TEXT)
_PAGES = TrueName(None, "a Pages document", _SAVE_AS_TEXT)
_WORKBOOK = TrueName(None, "an Excel workbook", "read it as a corpus: read_corpus(path)")
_SLIDES = TrueName(None, "slides of PowerPoint", _SAVE_AS_TEXT)
_ARCHIVE = TrueName(None, "a compressed archive", "unpack it")
_IMAGE = TrueName(None, "an image", "run text recognition (OCR) on it first")
_DJVU = TrueName(None, "scanned pages (DjVu)", "run text recognition (OCR) on them first")
_WEB_ARCHIVE = TrueName(None, "a web archive (MHTML)", "save the page as .html")

_BY_BYTES: tuple[tuple[bytes, TrueName], ...] = (
    (b"%PDF-", TrueName("pdf")),
    (b"{\\rtf", _RTF),
    (b"CAJ", _CAJ),
    (b"HN\x00", _CAJ),
    (b"HN\x01", _CAJ),
    (b"KDH", _CAJ),
    (b"\xc8\x00\x00\x00", _CAJ),
    (b"AT&TFORM", _DJVU),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
)
_BY_ENDING = {
    ".doc": _OLD_WORD,
    ".dot": _OLD_WORD,
    ".wps": _WPS,
    ".rtf": _RTF,
    ".epub": _EPUB,
    ".mobi": _MOBI,
    ".azw": _MOBI,
    ".azw3": _MOBI,
    ".caj": _CAJ,
    ".nh": _CAJ,
    ".kdh": _CAJ,
    ".odt": _ODT,
    ".pages": _PAGES,
    ".djvu": _DJVU,
    ".mht": _WEB_ARCHIVE,
    ".mhtml": _WEB_ARCHIVE,
    ".xls": _WORKBOOK,
    ".xlsx": _WORKBOOK,
    ".ppt": _SLIDES,
    ".pptx": _SLIDES,
    ".zip": _ARCHIVE,
    ".rar": _ARCHIVE,
    ".7z": _ARCHIVE,
}
DOCUMENT_ENDINGS = (".docx", ".docm", *_BY_ENDING)
"""Endings of files that may hold articles, beside text, PDF and HTML: read, or refused by name."""
_HTML_ENDINGS = (".htm", ".html", ".xhtml", ".shtml")
_HTML_BEGINNINGS = (b"<!doctype html", b"<html", b"<?xml version")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOBI_MARK = slice(60, 68)


def true_name(path: Path) -> TrueName:
    """Return what a file is by its first bytes, else by its ending."""
    with path.open("rb") as file:
        beginning = file.read(_FIRST_BYTES)
    ending = path.suffix.lower()
    if beginning.startswith(_OLE):
        return _of_old_office(ending)
    if beginning.startswith(_ZIP):
        return _of_zip(path)
    if beginning[_MOBI_MARK] == b"BOOKMOBI":
        return _MOBI
    for first_bytes, name in _BY_BYTES:
        if beginning.startswith(first_bytes):
            return name
    return _of_text(beginning, ending)


def _of_old_office(ending: str) -> TrueName:
    if ending in (".xls", ".xlsx", ".ppt", ".pptx", ".wps"):
        return _BY_ENDING[ending]
    return _OLD_WORD if ending in (".doc", ".dot", ".docx", ".txt") else _OLD_OFFICE


def _of_zip(path: Path) -> TrueName:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return TrueName("docx") if path.suffix.lower() == ".docx" else _ARCHIVE
    if "word/document.xml" in names:
        return TrueName("docx")
    if b"epub" in mimetype:
        return _EPUB
    if b"opendocument.text" in mimetype:
        return _ODT
    if any(name.startswith("xl/") for name in names):
        return _WORKBOOK
    if any(name.startswith("ppt/") for name in names):
        return _SLIDES
    if path.suffix.lower() in (".pages", ".epub"):
        return _BY_ENDING[path.suffix.lower()]
    return _ARCHIVE


def _of_text(beginning: bytes, ending: str) -> TrueName:
    """Return what a file is that begins like text: a .doc may be HTML or plain text."""
    plain = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_html = plain.startswith(_HTML_BEGINNINGS) and b"<" in plain[:200]
    if ending in _HTML_ENDINGS or (is_html and ending != ".txt"):
        return TrueName("html")
    if plain.startswith((b"mime-version:", b"from: <saved by")):
        return _WEB_ARCHIVE
    if ending in (".docx", ".docm"):
        return TrueName("docx")
    if ending == ".pdf":
        return TrueName("pdf")
    if ending in (".doc", ".wps") and b"\0" not in beginning and beginning.strip():
        return TrueName("text")
    return _BY_ENDING.get(ending, TrueName("text"))
