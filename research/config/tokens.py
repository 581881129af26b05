"""Keys of ``[tokens]``: how text is segmented."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from research.config.renamed import rename_keys
from research.toml import Table


class TokensConfig(Table):
    """How text is segmented."""

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

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, table: Any) -> Any:
        return rename_keys(table, "tokens", {"phrases": "new_words"})


class ThemesTokensConfig(TokensConfig):
    """How text is segmented for topics: single characters (人, 好) do not tell topics apart."""

    min_length: int = Field(2, ge=1, le=10, description="Shortest token kept, in characters.")
