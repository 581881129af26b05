"""Keys of ``[tokens]``: how text is segmented."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from research.config.renamed import rename_keys
from research.toml import Table


class TokensConfig(Table):
    """How text is segmented."""

    left_out_where_default: ClassVar[frozenset[str]] = frozenset({"traditional"})

    user_dictionaries: tuple[str, ...] = Field(
        ("default",),
        description='"default" are the words of news that ship with the package; others are '
        "files in jieba's format.",
    )
    stop_words: tuple[str, ...] = Field(
        ("default",),
        description='"default" is the list that ships with the package; others are files.',
    )
    numbers: bool = Field(False, description="Keep numbers as tokens.")
    latin: bool = Field(True, description="Keep Latin words as tokens.")
    min_length: int = Field(1, ge=1, le=10, description="Shortest token kept, in characters.")
    new_words: bool = Field(
        False,
        description="Learn words that the dictionary lacks from the corpus first.",
    )
    traditional: Literal["convert", "keep"] = Field(
        "convert",
        description='"convert": texts that are mostly in traditional characters are segmented and '
        'read in simplified ones; "keep": as they are.',
    )

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, table: Any) -> Any:
        return rename_keys(table, "tokens", {"phrases": "new_words"})


class ThemesTokensConfig(TokensConfig):
    """How text is segmented for topics: single characters (人, 好) do not tell topics apart."""

    min_length: int = Field(2, ge=1, le=10, description="Shortest token kept, in characters.")
