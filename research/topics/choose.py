"""How many topics, and are they the same ones next time?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import clone

from research.errors import InputError
from research.files import Progress
from research.topics.metrics import diversity, matched_overlap, npmi
from research.topics.model import TopicModel

_RESAMPLES, _SHARE, _WORDS = 3, 0.8, 20
_HELD_OUT = 0.1
_COHERENT_WORDS = 10
_WEIGHED = (
    ("stability", "stability", ".2f"),
    ("coherence_npmi", "coherence", ".2f"),
    ("perplexity", "held-out perplexity", ".0f"),
)


@dataclass(frozen=True, slots=True)
class Stability:
    """How far topics of different samples agree: ``mean`` over pairs of fits, ``topics`` (n_topics,) of each."""

    mean: float
    topics: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """A recommended number of topics, its ``reason``, and a row of figures for each number tried."""

    n_topics: int
    reason: str
    rows: tuple[dict[str, float], ...]


def stability(
    X: sparse.csr_matrix, model: TopicModel, progress: Progress | None = None
) -> Stability:
    """Fit *model* anew on three random 80 % of the documents, with three seeds, and compare the topics.

    The figure is the mean Jaccard overlap of the 20 likeliest words of topics matched one to one, over the
    pairs of fits (Greene, O'Callaghan & Cunningham 2014 match likewise); 1 says the same topics whatever the
    sample. ``topics`` are those of *model* where it is fitted, else the first fit's, in the order of their numbers.
    """
    tops = []
    for turn in range(_RESAMPLES):
        rows = np.random.default_rng([model.random_state, turn]).choice(
            X.shape[0], max(1, int(_SHARE * X.shape[0])), replace=False
        )
        fit = clone(model).set_params(random_state=model.random_state + turn).fit(X[np.sort(rows)])
        tops.append(np.argsort(-fit.components_, axis=1, kind="stable")[:, :_WORDS])
        if progress:
            progress("stability", turn + 1, _RESAMPLES)
    overlaps = [matched_overlap(one, other) for one, other in combinations(tops, 2)]
    fitted = hasattr(model, "components_")
    mine = np.argsort(-model.components_, axis=1, kind="stable")[:, :_WORDS] if fitted else tops[0]
    own = [matched_overlap(mine, top) for top in (tops if fitted else tops[1:])]
    return Stability(float(np.mean(overlaps)), np.mean(own, axis=0))


def choose_n_topics(
    X: sparse.csr_matrix,
    candidates: Sequence[int],
    model: TopicModel | None = None,
    progress: Progress | None = None,
) -> Choice:
    """Fit *model* with each number of topics and recommend one.

    Rows hold ``n_topics``, ``perplexity`` (document completion on 10 % held-out documents), ``coherence_npmi``,
    ``diversity`` and ``stability``. Recommended is the number with the best mean of stability, coherence and
    minus log perplexity, each scaled to its range; of equals the smaller. Perplexity alone would nearly always
    ask for more topics, coherence and stability for fewer (Chang et al., "Reading tea leaves", 2009): the range
    tried matters, so look at the rows.
    """
    numbers = sorted(set(candidates))
    if not numbers or numbers[0] < 2:
        raise InputError(
            f"candidates are {list(candidates)}; give numbers of topics from 2 upwards, such as [10, 20, 40]"
        )
    model = model or TopicModel()
    order = np.random.default_rng(model.random_state).permutation(X.shape[0])
    n_held = max(1, int(_HELD_OUT * X.shape[0]))
    held, train = X[np.sort(order[:n_held])], X[np.sort(order[n_held:])]
    rows = []
    for done, number in enumerate(numbers, 1):
        asked = clone(model).set_params(n_topics=number)
        fit = clone(asked).fit(train)
        tops = np.argsort(-fit.components_, axis=1, kind="stable")[:, :_COHERENT_WORDS].tolist()
        figures = {
            "perplexity": fit.perplexity(held),
            "coherence_npmi": float(np.mean(npmi(tops, X))),
            "diversity": diversity(tops),
        }
        figures["stability"] = stability(X, asked).mean
        rows.append(
            {"n_topics": number} | {name: round(value, 4) for name, value in figures.items()}
        )
        if progress:
            progress("number of topics", done, len(numbers))
    best, reason = _recommend(rows)
    return Choice(best, reason, tuple(rows))


def _recommend(rows: Sequence[dict[str, Any]]) -> tuple[int, str]:
    sides = [_scaled([row[name] for row in rows]) for name in ("stability", "coherence_npmi")]
    sides.append(_scaled([-float(np.log(row["perplexity"])) for row in rows]))
    best = rows[int(np.argmax(np.mean(sides, axis=0)))]
    said = [
        f"{title} {best[name]:{form}} ({_range(rows, name, form)})"
        for name, title, form in _WEIGHED
    ]
    return int(
        best["n_topics"]
    ), f"{best['n_topics']} topics balance best, of {len(rows)} numbers tried: {', '.join(said)}"


def _range(rows: Sequence[dict[str, Any]], name: str, form: str) -> str:
    values = [row[name] for row in rows]
    return f"{min(values):{form}} to {max(values):{form}}"


def _scaled(values: Sequence[float]) -> NDArray[np.float64]:
    low, high = min(values), max(values)
    return np.array([(value - low) / (high - low) if high > low else 0.0 for value in values])
