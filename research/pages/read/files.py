"""The door: a file of any kind → its pages. Which kind reads how is up to ``text`` and ``pdf``."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from research.errors import InputError
from research.files import refuse_unreadable
from research.pages.read.page import Page
from research.pages.read.pdf import read_pdf
from research.pages.read.text import read_text_page


def read_page(path: str | PathLike[str], encoding: str | None = None) -> Page:
    """Read one page, a text dump or a PDF of one page.

    Parameters
    ----------
    path : a file of one page; what does not end in ``.pdf`` is a text dump.
    encoding : of a text dump; by default it is detected, as its line ends are.

    Raises
    ------
    InputError
        With file, line and remedy, when the file is missing, empty, neither text nor PDF, or not
        one page.
    """
    pages = read_pages(path, encoding)
    if len(pages) != 1:
        raise InputError(
            f"{path}: {len(pages)} pages; read them with read_pages, or give one page a file"
        )
    return pages[0]


def read_pages(path: str | PathLike[str], encoding: str | None = None) -> list[Page]:
    """Read a file's pages: one of a text dump, one or more of a PDF; see :func:`read_page`.

    The pages of a PDF of several are numbered as they come.
    """
    path = Path(path)
    refuse_unreadable(path)
    if path.suffix.lower() == ".pdf":
        return read_pdf(path)
    return [read_text_page(path, encoding)]
