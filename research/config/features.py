"""Keys of ``[[features]]``: one class per kind of block, with the keys that mean something for it.

A new kind is one class here, in :data:`AnyFeatureConfig`, and one block in ``sections/blocks``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from research.errors import InputError
from research.toml import Table, check_values

LONGEST_NGRAM = 6  # Units; also the most that three bits of NGrams' positions can hold.
Ngrams = tuple[int, int]


class FeatureConfig(Table):
    """One block of features; several are put side by side, each times its weight.

    ``FeatureConfig(kind="char-tfidf", ngrams=(1, 3))`` returns the class of that kind.
    """

    kind: str
    weight: float = Field(1.0, gt=0, description="Factor on this block.")

    if TYPE_CHECKING:

        def __init__(self, **keys: object) -> None: ...

    def __new__(cls, **keys: object) -> FeatureConfig:
        """Return an instance of the class that the *kind* among *keys* names."""
        if cls is not FeatureConfig:
            return super().__new__(cls)
        kind = keys.get("kind")
        if kind not in FEATURE_KINDS:
            allowed = ", ".join(map(repr, FEATURE_KINDS))
            raise ValueError(f"kind: {kind!r} is no kind of features; allowed: {allowed}")
        return super().__new__(FEATURE_KINDS[kind])

    @property
    def reads(self) -> str:
        """What of an article the block reads: ``headline``, or ``all[:20]`` for 20 characters."""
        return "all"

    @property
    def rule_files(self) -> tuple[str, ...]:
        """The files of labelling rules that the block needs."""
        return ()

    def relative_to(self, base: Path) -> FeatureConfig:
        """Return the block with its files relative to the working directory, not to *base*."""
        return self

    @property
    def title(self) -> str:
        """The block in a word or two, for tables: ``char-tfidf all 1–3``."""
        return f"{self.kind} {self.reads}"


class PartConfig(FeatureConfig):
    """A block that reads a part of the article."""

    field: Literal["headline", "lead", "body", "all"] = Field(
        "all", description='Part of the article; "lead" is its first paragraph.'
    )
    first: int | None = Field(
        None,
        ge=1,
        description="Read only so many characters of the part's beginning, spaces not counted.",
    )

    @property
    def reads(self) -> str:
        limit = f"[:{self.first}]" if self.first else ""
        return f"{self.field}{limit}"


class NgramConfig(PartConfig):
    """A block whose columns are n-grams."""

    ngrams: Ngrams = Field((1, 1), description="Shortest and longest n-gram.")
    edges: bool = Field(
        False,
        description="Count the beginning and the end as a character or word, so that n-grams "
        "include them; for headlines.",
    )

    @property
    def title(self) -> str:
        return f"{super().title} {self.ngrams[0]}–{self.ngrams[1]}"

    @model_validator(mode="after")
    def _check_ngrams(self) -> Self:
        _check_range(self.ngrams)
        return self


class VocabularyConfig(NgramConfig):
    """A block whose n-grams are learned from the training articles."""

    min_df: int = Field(1, ge=1, description="Leave out terms of fewer articles.")
    max_df: float = Field(
        1.0, gt=0, le=1, description="Leave out terms of a larger share of articles."
    )
    max_features: int | None = Field(None, ge=1, description="Keep only the most frequent terms.")


class TfidfConfig(VocabularyConfig):
    """A block of TF-IDF weights."""

    sublinear: bool = Field(True, description="Count a term 1 + ln(count) times.")


class CharTfidfConfig(TfidfConfig):
    """TF-IDF of character n-grams."""

    kind: Literal["char-tfidf"]


class WordTfidfConfig(TfidfConfig):
    """TF-IDF of word n-grams."""

    kind: Literal["word-tfidf"]


class WordCountConfig(VocabularyConfig):
    """Counts of word n-grams."""

    kind: Literal["word-count"]


class HashingConfig(NgramConfig):
    """Counts of word n-grams in hashed columns: no vocabulary is kept."""

    kind: Literal["hashing"]
    max_features: int | None = Field(
        None, ge=1, description="Number of columns; 2¹⁸ where left out."
    )


class VectorsConfig(PartConfig):
    """The mean of word vectors that are learned from all articles, [[unlabelled]] ones too."""

    kind: Literal["vectors"]


class CuesConfig(FeatureConfig):
    """For each section, the weight of the labelling rules that hold in the whole article."""

    kind: Literal["cues"]
    files: tuple[str, ...] = Field(
        (), description="Files of labelling rules, relative to the experiment file."
    )

    @property
    def rule_files(self) -> tuple[str, ...]:
        return self.files

    def relative_to(self, base: Path) -> FeatureConfig:
        paths = tuple(str(base / name) for name in self.files)
        return self.model_copy(update={"files": paths})


class LanguageConfig(PartConfig):
    """How likely each section's language model of characters makes the text."""

    kind: Literal["language"]
    ngrams: Ngrams = Field(
        description="1 and the longest n-gram, such as [1, 3]: unknown n-grams fall back on "
        "shorter ones."
    )

    @model_validator(mode="after")
    def _check_ngrams(self) -> Self:
        _check_range(self.ngrams)
        if self.ngrams[0] > 1 or self.ngrams[1] == 1:
            raise ValueError(
                "a language model falls back on ever shorter n-grams, not "
                f"{list(self.ngrams)}; write such as [1, 3]"
            )
        return self


AnyFeatureConfig = Annotated[
    WordTfidfConfig
    | CharTfidfConfig
    | WordCountConfig
    | HashingConfig
    | VectorsConfig
    | CuesConfig
    | LanguageConfig,
    Field(discriminator="kind"),
]
FEATURE_KINDS: dict[str, type[FeatureConfig]] = {
    "word-tfidf": WordTfidfConfig,
    "char-tfidf": CharTfidfConfig,
    "word-count": WordCountConfig,
    "hashing": HashingConfig,
    "vectors": VectorsConfig,
    "cues": CuesConfig,
    "language": LanguageConfig,
}


def check_features(
    blocks: Iterable[FeatureConfig | Mapping[str, Any]],
) -> tuple[FeatureConfig, ...]:
    """Return blocks as configs; those given as plain dicts are checked.

    Raises
    ------
    InputError
        For an unknown kind, or a key that a kind does not have.

    >>> check_features([{"kind": "char-tfidf", "ngrams": [1, 3]}])[0].ngrams
    (1, 3)
    """
    if isinstance(blocks, str | Mapping | FeatureConfig) or not isinstance(blocks, Iterable):
        raise InputError(
            f"features is one {type(blocks).__name__}; give a list of blocks, such as "
            '[{"kind": "char-tfidf", "ngrams": [1, 3]}]'
        )
    checked = []
    for number, block in enumerate(blocks):
        if isinstance(block, FeatureConfig):
            checked.append(block)
        elif isinstance(block, Mapping):
            checked.append(check_values(AnyFeatureConfig, block, f"features[{number}]"))
        else:
            raise InputError(
                f"features[{number}] is {block!r}; give a table with its kind, such as "
                '{"kind": "char-tfidf"}'
            )
    if not checked:
        raise InputError("features is empty; give a block, such as {'kind': 'char-tfidf'}")
    return tuple(checked)


def _check_range(ngrams: Ngrams) -> None:
    if not 1 <= ngrams[0] <= ngrams[1] <= LONGEST_NGRAM:
        raise ValueError(
            f"ngrams {list(ngrams)} must rise and lie in 1 to {LONGEST_NGRAM}, such as [1, 2]"
        )
