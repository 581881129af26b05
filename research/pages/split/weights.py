"""What was learned for splitting, and what it was learned from: reads and writes ``weights.npz``.

Knows the file and no page; ``experiments/fit_splitter.py`` learns what it holds.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.pages.split.evidence import OBSERVED
from research.pages.split.network import Network
from research.pages.split.states import ALLOWED, BEGINS, GROUP_OF, GROUPS

FORBIDDEN = -1e4  # The logarithm for a move that print does not allow.
_FILE = "weights.npz"
_PROVENANCE = "learned_from"
_LEARNED = (*Network._fields, "moves")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What weights were learned from; None where it was not recorded.

    Attributes
    ----------
    data: the SHA-256 of every file that the pages' articles came from, by file name.
    settings: of the training (number of pages, passes, hidden units, rates …), by name.
    loss: negative log-likelihood per page, of the last pass ("learned") and of pages set from
        articles that were not learned from ("unseen").
    versions: of Python and of the packages that the training ran with, by name.
    note: what a reader has to know beside.
    """

    data: dict[str, str]
    settings: dict[str, float]
    loss: dict[str, float | None]
    versions: dict[str, str | None]
    note: str = ""


class Weights(NamedTuple):
    """What was learned: the network, and moves between states, (n_states, n_states)."""

    network: Network
    # Onto each state (row) from each (column), in logarithms; FORBIDDEN where print does not allow
    # it.
    into: NDArray[np.float64]
    # From each state (row) to each (column), not in logarithms: all moves, those within an item,
    # those to a new one.
    go: NDArray[np.float64]
    stay: NDArray[np.float64]
    cut: NDArray[np.float64]


@cache
def weights() -> Weights:
    """Return the learned weights of observations and moves."""
    stored = _stored()
    observed = tuple(stored["observed"].tolist())
    groups = tuple(stored["groups"].tolist())
    if observed != OBSERVED or groups != GROUPS:
        raise ValueError(
            "weights.npz was learned from other observations than evidence/ makes; "
            "run python -m experiments.fit_splitter"
        )
    learned = {name: stored[name].astype(np.float64) for name in _LEARNED}
    moves = learned["moves"][np.ix_(GROUP_OF, GROUP_OF)]
    allowed_moves = np.where(ALLOWED, moves, FORBIDDEN)
    go = np.exp(moves) * ALLOWED
    network = Network(
        straight=learned["straight"][:, GROUP_OF],
        hidden=learned["hidden"],
        out=learned["out"][:, GROUP_OF],
    )
    return Weights(
        network=network,
        into=np.ascontiguousarray(allowed_moves.T),
        go=go,
        stay=go * ~BEGINS,
        cut=go * BEGINS,
    )


def provenance(file: IO[bytes] | None = None) -> Provenance:
    """Return what weights were learned from: the shipped ones, or those in *file*."""
    facts = str(_stored(file)[_PROVENANCE])
    return Provenance(**json.loads(facts))


def write_weights(path: Path, learned: dict[str, NDArray[np.float32]], origin: Provenance) -> None:
    """Write learned arrays (``straight``, ``hidden``, ``out``, ``moves``) at half precision."""
    arrays: dict[str, Any] = {}
    for name in _LEARNED:
        arrays[name] = learned[name].astype(np.float16)
    arrays["observed"] = np.array(OBSERVED)
    arrays["groups"] = np.array(GROUPS)
    facts = json.dumps(asdict(origin), sort_keys=True)
    arrays[_PROVENANCE] = np.array(facts)
    np.savez_compressed(path, **arrays)


def _stored(file: IO[bytes] | None = None) -> dict[str, NDArray[Any]]:
    if file is None:
        folder = resources.files("research.pages.split")
        with folder.joinpath(_FILE).open("rb") as shipped:
            return _stored(shipped)
    with np.load(file) as arrays:
        return dict(arrays)
