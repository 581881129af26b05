"""Blocks of features: one file per kind. A new kind is one file and one class of config."""

from __future__ import annotations

from typing import Any

from research.config import (
    CharTfidfConfig,
    CuesConfig,
    FeatureConfig,
    HashingConfig,
    LanguageConfig,
    VectorsConfig,
    WordCountConfig,
    WordTfidfConfig,
)
from research.sections.blocks.block import Block
from research.sections.blocks.cues import CuesBlock
from research.sections.blocks.hashing import HashingBlock
from research.sections.blocks.language import LanguageBlock
from research.sections.blocks.ngrams import NgramBlock
from research.sections.blocks.vectors import VectorsBlock

_BLOCKS: dict[type[FeatureConfig], type[Block[Any]]] = {
    CharTfidfConfig: NgramBlock,
    WordTfidfConfig: NgramBlock,
    WordCountConfig: NgramBlock,
    HashingConfig: HashingBlock,
    VectorsConfig: VectorsBlock,
    CuesConfig: CuesBlock,
    LanguageConfig: LanguageBlock,
}

__all__ = ["Block", "block_of"]


def block_of(config: FeatureConfig) -> type[Block[Any]]:
    """Return the class of block that a config is for."""
    return _BLOCKS[type(config)]
