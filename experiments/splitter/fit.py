"""Stochastic gradient descent for the splitter's network and moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.splitter.batch import Batch
from experiments.splitter.examples import Example
from research.pages.split.evidence import OBSERVED
from research.pages.split.network import Network
from research.pages.split.states import GROUPS

Arrays = dict[str, NDArray[np.float32]]
# Adam's means of slopes and of their squares forget at these rates.
_FIRST_DECAY, _SECOND_DECAY = 0.9, 0.99
_LEAST_STEP = 1e-8


@dataclass(frozen=True)
class Settings:
    """What a training is set to; all of it is stored with the weights."""

    pages: int = 120_000
    pages_unseen: int = 2_500  # Set of articles that are not learned from, to measure the loss on.
    articles_unseen: int = 1_500
    passes: int = 20
    hidden: int = 192  # Units of the network's hidden layer.
    batch: int = 100  # Pages per step.
    rate: float = 3e-3  # Of a step, at first.
    decay: float = 0.01  # Of weights per step, as a share of the rate.
    warm: int = 100  # Steps until the rate is full.
    dropped: float = 0.1  # Of observations, per page: no layout's habit decides alone.
    chunk: int = 250  # Pages per seed.


class Fit:
    """A network and moves, learned by Adam with decoupled decay (Loshchilov & Hutter 2019)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        rng = np.random.default_rng(0)
        n_evidence, n_groups = len(OBSERVED), len(GROUPS)
        hidden = rng.normal(0, 0.1, (4 * n_evidence, settings.hidden))
        out = rng.normal(0, 0.05, (settings.hidden, n_groups))
        self.learned: Arrays = {
            "straight": np.zeros((n_evidence, n_groups), np.float32),
            "hidden": hidden.astype(np.float32),
            "out": out.astype(np.float32),
            "moves": np.zeros((n_groups, n_groups), np.float32),
        }
        self.first = {name: np.zeros_like(values) for name, values in self.learned.items()}
        self.second = {name: np.zeros_like(values) for name, values in self.learned.items()}
        self.steps = 0

    def slopes(self, batch: Batch, rng: np.random.Generator | None = None) -> tuple[float, Arrays]:
        """Return the negative log-likelihood of a batch, and its slope by everything learned."""
        observed = batch.inputs(self.settings.dropped, rng)
        network = Network(*(self.learned[name] for name in Network._fields))
        scores = network.scores(observed)
        loss = batch.loss(scores.values, self.learned["moves"])
        active = (loss.by_scores @ network.out.T) * (scores.hidden > 0)
        return loss.value, {
            "straight": observed[:, : len(OBSERVED)].T @ loss.by_scores,
            "hidden": observed.T @ active,
            "out": scores.hidden.T @ loss.by_scores,
            "moves": loss.by_moves.astype(np.float32),
        }

    def step(self, slopes: Arrays, share_done: float) -> None:
        """Go down the slopes, each step a little less far (cosine)."""
        self.steps += 1
        warmth = min(1.0, self.steps / self.settings.warm)
        rate = self.settings.rate * warmth * (1 + np.cos(np.pi * share_done)) / 2
        for name, slope in slopes.items():
            self.first[name] = _FIRST_DECAY * self.first[name] + 0.1 * slope
            self.second[name] = _SECOND_DECAY * self.second[name] + 0.01 * slope**2
            first = self.first[name] / (1 - _FIRST_DECAY**self.steps)
            second = self.second[name] / (1 - _SECOND_DECAY**self.steps)
            step = first / (np.sqrt(second) + _LEAST_STEP)
            values = self.learned[name]
            step = rate * (step + self.settings.decay * values)
            self.learned[name] = (values - step).astype(np.float32)

    def run_pass(self, number: int, batches: Sequence[Batch], rng: np.random.Generator) -> float:
        """Learn from every batch once, in random order; return the loss per page."""
        loss = 0.0
        for done, k in enumerate(rng.permutation(len(batches))):
            batch = batches[k]
            value, slopes = self.slopes(batch, rng)
            per_page = {name: slope / len(batch.pages) for name, slope in slopes.items()}
            share_done = (number + done / len(batches)) / self.settings.passes
            self.step(per_page, share_done)
            loss += value
        return loss / _count_pages(batches)

    def loss(self, batches: Sequence[Batch]) -> float:
        """Return the loss per page, nothing learned."""
        return sum(self.slopes(batch)[0] for batch in batches) / _count_pages(batches)


def batches_of(pages: Sequence[Example], size: int) -> list[Batch]:
    """Put pages side by side, *size* in a batch."""
    return [Batch(pages[first : first + size]) for first in range(0, len(pages), size)]


def _count_pages(batches: Sequence[Batch]) -> int:
    return sum(len(batch.pages) for batch in batches)
