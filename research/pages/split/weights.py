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
    """What was learned: the network's weights, and those of moves between states, (n_states, n_states)."""

    network: Network
    # Onto each state (row) from each (column), in logarithms, FORBIDDEN where print does not allow it.
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
    names = (stored["observed"].tolist(), stored["groups"].tolist())
    if names != (list(OBSERVED), list(GROUPS)):
        raise ValueError(
            "weights.npz was learned from other observations than evidence.py makes; "
            "run python -m experiments.fit_splitter"
        )
    straight, hidden, out, moves = (
        stored[name].astype(np.float64) for name in (*Network._fields, "moves")
    )
    learned = moves[np.ix_(GROUP_OF, GROUP_OF)]
    go = np.exp(learned) * ALLOWED
    return Weights(
        Network(straight[:, GROUP_OF], hidden, out[:, GROUP_OF]),
        np.ascontiguousarray(np.where(ALLOWED, learned, FORBIDDEN).T),
        go,
        go * ~BEGINS,
        go * BEGINS,
    )


def provenance(file: IO[bytes] | None = None) -> Provenance:
    """Return what weights were learned from: the shipped ones, or those in *file*."""
    return Provenance(**json.loads(str(_stored(file)[_PROVENANCE])))


def write_weights(path: Path, learned: dict[str, NDArray[np.float32]], origin: Provenance) -> None:
    """Write learned arrays (``straight``, ``hidden``, ``out``, ``moves``) as half-precision numbers."""
    arrays: dict[str, Any] = {name: values.astype(np.float16) for name, values in learned.items()}
    arrays["observed"] = np.array(OBSERVED)
    arrays["groups"] = np.array(GROUPS)
    arrays[_PROVENANCE] = np.array(json.dumps(asdict(origin), sort_keys=True))
    np.savez_compressed(path, **arrays)


def _stored(file: IO[bytes] | None = None) -> dict[str, NDArray[Any]]:
    if file is None:
        with resources.files("research.pages.split").joinpath(_FILE).open("rb") as shipped:
            return _stored(shipped)
    with np.load(file) as arrays:
        return dict(arrays)
