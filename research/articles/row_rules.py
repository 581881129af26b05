"""What the rows of a corpus are called, must have and may have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from research.articles.article import SECTIONS, Article
from research.articles.fields import Fields

Required = Collection[Literal["date", "section"]]


@dataclass(frozen=True)
class RowRules:
    """What the rows of a corpus are called, must have and may have.

    Attributes
    ----------
    fields : Fields
        What the corpus calls its fields.
    require : Required
        Fields that may not be missing.
    sections : Sequence[str] or None
        The labels allowed; None allows any.
    labels : Mapping[str, str]
        The corpus's own labels and the section of each; "" leaves such rows out.
    columns : Mapping[str, str] or None
        Names of further columns to keep and what the corpus calls them, beside those whose values
        are short; None keeps none.
    on_bad_date : Callable or None
        Called with each article whose date is none, and the reason; without it, a bad date is a
        problem of the row.
    sheet : str or None
        The sheet of a workbook; those that hold articles where None.
    partly_labelled : bool
        Whether a section that is required may be missing where nobody filled it in yet.
    """

    fields: Fields = field(default_factory=Fields)
    require: Required = ()
    sections: Sequence[str] | None = SECTIONS
    labels: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] | None = None
    on_bad_date: Callable[[Article, str], None] | None = None
    sheet: str | None = None
    partly_labelled: bool = False
