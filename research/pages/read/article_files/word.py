"""A Word document → its lines. The only door to python-docx."""

from __future__ import annotations

from pathlib import Path

from research.errors import InputError, missing_extra
from research.pages.read.article_files.form import TextFile

_TEXT_BOX = "w:txbxContent"


def read_docx(path: Path) -> tuple[TextFile, int]:
    """Return a document's paragraphs and rows of tables as lines, and how many text boxes it has.

    Raises InputError where python-docx is missing or the file is damaged.
    """
    try:
        import docx
        from docx.opc.exceptions import PackageNotFoundError
        from docx.table import Table
    except ImportError:
        raise missing_extra(f"{path}: reading .docx needs python-docx", "word") from None
    try:
        document = docx.Document(str(path))
        items = list(document.iter_inner_content())
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise InputError(f"{path}: is a damaged Word document; save it again") from error
    lines: list[str] = []
    for item in items:
        if isinstance(item, Table):
            rows = ([cell.text.strip() for cell in row.cells] for row in item.rows)
            lines += [" ".join(dict.fromkeys(filter(None, row))) for row in rows]
        else:
            lines += item.text.split("\n")
    n_boxes = len(document.element.body.findall(f".//{_qualified(_TEXT_BOX)}"))
    return TextFile(path, tuple(lines)), n_boxes


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))
