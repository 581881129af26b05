"""Configs as runs of format 4 hold them → as they are now. Pure functions over JSON types."""

from __future__ import annotations

from typing import Any

from research.config.features import FEATURE_KINDS


def upgrade_features(block: dict[str, Any]) -> dict[str, Any]:
    """Return one block of features without the keys that its kind does not have.

    Until format 4 every block had the keys of all kinds; those that meant nothing for its kind
    were ignored. A block of the present format is returned as it is.
    """
    kind = FEATURE_KINDS.get(block["kind"])
    if kind is None:
        return block
    present = {}
    for key, value in block.items():
        if key in kind.model_fields:
            present[key] = value
    return present


def upgrade_config(config: dict[str, Any]) -> dict[str, Any]:
    """Return an experiment (``config.json``) with present keys; a present one as it is."""
    upgraded = _renamed(config, {"repeats": "near_duplicates"})
    if "tokens" in upgraded:
        tokens = upgraded["tokens"]
        upgraded["tokens"] = _renamed(tokens, {"phrases": "new_words"})
    if upgraded.get("split"):
        split = upgraded["split"]
        upgraded["split"] = _renamed(split, {"near_identical": "near_duplicates"})
    if "features" in upgraded:
        blocks = upgraded["features"]
        upgraded["features"] = [upgrade_features(block) for block in blocks]
    return upgraded


def upgrade_model(model: dict[str, Any]) -> dict[str, Any]:
    """Return a model (``model/model.json``) whose blocks have present keys."""
    if "blocks" not in model:
        return model
    blocks = []
    for block in model["blocks"]:
        config = upgrade_features(block["config"])
        blocks.append(block | {"config": config})
    return model | {"blocks": blocks}


def _renamed(table: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    renamed = {}
    for key, value in table.items():
        name = names.get(key, key)
        renamed[name] = value
    return renamed
