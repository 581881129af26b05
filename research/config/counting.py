"""Keys of ``[topics]`` that decide which words of an article count, and how much."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field, field_validator

from research.toml import Table

TopicPart = Literal["headline", "lead", "body"]
_PARTS: tuple[TopicPart, ...] = get_args(TopicPart)
PartWeight = Annotated[float, Field(ge=0, le=100)]


class CountingConfig(Table):
    """Which words of an article count for topics, and how much."""

    left_out_where_default: ClassVar[frozenset[str]] = frozenset(
        {"fields", "stop_words", "leave_out", "cap", "passages", "short_texts"}
    )

    fields: dict[TopicPart, PartWeight] = Field(
        {},
        description='How often each word of a part counts: "headline", "body", and "lead", the '
        "first paragraph, which then counts in the body no more. Parts that are not named do not "
        "count; where left out, headline and body count once.",
    )
    stop_words: tuple[str, ...] = Field(
        (),
        description="Files of further stop words, applied after segmentation: words are segmented "
        "and learned as without them.",
    )
    leave_out: tuple[str, ...] = Field(
        (), description="Further stop words themselves, beside those of files."
    )
    cap: int | Literal["auto", "none"] = Field(
        "auto",
        description="Most words of one article that count, so that none takes topics for itself; "
        '"auto": three times the length that nine in ten articles do not exceed.',
    )
    passages: int | None = Field(
        None,
        ge=20,
        description="Train on passages of about so many words (as segmented, without stop words); "
        "the shares of an article are put together from its passages.",
    )

    short_texts: bool = Field(
        False,
        description="Learn topics from which words occur together, word by word (cvb0): for "
        "articles of a dozen words, such as headlines.",
    )

    @field_validator("fields", mode="before")
    @classmethod
    def _check_parts(cls, value: Any) -> Any:
        """Take a name, or several, for parts that count once."""
        if isinstance(value, str):
            value = (value,)
        if isinstance(value, tuple | list):
            value = {str(name): 1.0 for name in value}
        if isinstance(value, dict):
            unknown = [repr(name) for name in value if name not in _PARTS]
            if unknown:
                raise ValueError(f"{', '.join(unknown)} unknown; allowed: {', '.join(_PARTS)}")
        return value

    @field_validator("fields")
    @classmethod
    def _check_weights(cls, value: dict[str, float]) -> dict[str, float]:
        if value and not any(value.values()):
            raise ValueError("every weight is 0; give one part at least a weight above 0")
        return value

    @field_validator("cap")
    @classmethod
    def _check_cap(cls, value: int | str) -> int | str:
        if isinstance(value, int) and value < 1:
            raise ValueError(f'{value} must be 1 or more words, or "auto", or "none"')
        return value
