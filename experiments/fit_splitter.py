"""Learns what the splitter's evidence is worth, from real articles set as pages of many layouts.

Writes research/pages/split/weights.npz: what a network makes of the evidence and how parts follow each other, no text. One
half of the articles is used, the other is for `benchmarks/pages.py`; the layouts are drawn at random by the same program,
and may come out like one of its styles. Takes a quarter of an hour on two cores.
Run it after a change in lines.py, blocks.py or evidence.py: `python experiments/fit_splitter.py [PAGES [PASSES]]`.
"""

from __future__ import annotations

import os
import random
import sys
from dataclasses import replace
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
from layout import any_style, set_page, sources

from research.pages.split.blocks import blocks_of
from research.pages.split.evidence import OBSERVED, observe
from research.pages.split.lines import lines_of
from research.pages.split.network import Network, in_context
from research.pages.split.states import ALLOWED, FIRST, GROUP_OF, GROUPS, LAST, STATES

PAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 120_000
PASSES = int(sys.argv[2]) if len(sys.argv) > 2 else 20
HIDDEN, BATCH = 192, 100
RATE, DECAY, WARM = 3e-3, 0.01, 100
DROPPED = (
    0.1  # Share of the observations that a page does without: no layout's habit decides alone.
)
CHUNK, CORES = 250, os.cpu_count()
FOLD = np.eye(len(GROUPS), dtype=np.float32)[GROUP_OF]  # States to the groups that share weights.
WEIGHTS = Path(__file__).parents[1] / "research" / "pages" / "split" / "weights.npz"


def gold_states(items, roles, order, blocks):
    """Return the true state of every block."""
    item_of = {n: k for k, item in enumerate(items) for n in item.lines}
    has_head = {k: any(roles[n] == "head" for n in item.lines) for k, item in enumerate(items)}
    subheads = "subhead" in roles.values()
    where = {(state.order, state.subheads, state.part): k for k, state in enumerate(STATES)}
    found, last, started = [], None, set()
    for block in blocks:
        number = block.lines[0].number
        item, role = item_of.get(number, -number), roles[number]
        if role == "head":
            part = "heads" if last == (item, "head") else "head"
        elif role == "subhead":
            part = "subhead"
        elif role in ("caption", "notice"):
            part = role + "s" * (item in started)
        elif role in ("column", "folio"):
            part = "column"
        else:
            part = (
                "text"
                if item in started
                else "lead"
                if order == "before" and has_head.get(item)
                else "opening"
            )
        if role != "head":
            started.add(item)
        last = (item, role)
        found.append(where[order, subheads, part])
    return found


def examples(seed, articles, count):
    """Return observed figures and true states of pages, and how many pages no sequence of states fits."""
    rng = random.Random(seed)
    kept, odd = [], 0
    for _ in range(count):
        style = any_style(rng)
        drawn = rng.sample(articles, rng.randint(1, 9))
        if rng.random() < 0.2:
            drawn = [
                replace(article, paragraphs=article.paragraphs[: rng.randint(1, 2)])
                for article in drawn
            ]
        page, items, roles = set_page(style, drawn, rng)
        blocks = blocks_of(lines_of(page.lines)[0])
        states = gold_states(items, roles, style.headline, blocks)
        fits = (
            FIRST[states[0]]
            and LAST[states[-1]]
            and all(ALLOWED[a, b] for a, b in pairwise(states))
        )
        odd += not fits
        if fits:
            kept.append((observe(blocks).astype(np.float16), np.array(states)))
    return kept, odd


class Batch:
    """Some pages side by side, the long ones first: row by row the first blocks of all pages, then the second blocks of
    those that have one, and so on.
    """

    def __init__(self, pages):
        self.pages = sorted(pages, key=lambda page: -len(page[1]))
        lengths = np.array([len(states) for _, states in self.pages])
        self.longest = int(lengths[0])
        self.alive = [int((lengths > i).sum()) for i in range(self.longest)]
        self.at = np.cumsum([0, *self.alive])
        starts = np.cumsum([0, *lengths[:-1]])
        self.order = np.concatenate([starts[:alive] + i for i, alive in enumerate(self.alive)])
        self.ends = np.array([self.at[length - 1] + p for p, length in enumerate(lengths)])
        self.states = np.concatenate([states for _, states in self.pages])[self.order]
        self.pairs = np.zeros((len(STATES), len(STATES)))
        for _, states in self.pages:
            np.add.at(self.pairs, (states[:-1], states[1:]), 1)

    def inputs(self, rng=None):
        """Return all blocks' observations in context; with *rng*, every page does without some."""
        rows = []
        for observed, _ in self.pages:
            exact = observed.astype(np.float32)
            rows.append(
                in_context(
                    exact
                    if rng is None
                    else exact * ((rng.random(exact.shape[1]) >= DROPPED) / np.float32(1 - DROPPED))
                )
            )
        return np.concatenate(rows)[self.order]

    def loss(self, groups, moves):
        """Return the negative log-likelihood and its slopes by the groups' scores and by the moves."""
        wide = moves[np.ix_(GROUP_OF, GROUP_OF)]
        go = np.exp(wide) * ALLOWED
        scores = groups[:, GROUP_OF]
        top = scores.max(axis=1, keepdims=True)
        likely = np.exp(scores - top)
        forward, log = self.forward(likely, go)
        value = (
            log
            + top.sum(dtype=float)
            - scores[np.arange(len(scores)), self.states].sum(dtype=float)
            - (wide * self.pairs).sum()
        )
        posterior, expected = self.backward(likely, go, forward)
        posterior[np.arange(len(posterior)), self.states] -= 1.0
        return value, posterior @ FOLD, FOLD.T @ (expected - self.pairs) @ FOLD

    def forward(self, likely, go):
        forward, log = np.empty_like(likely), 0.0
        for i, alive in enumerate(self.alive):
            here = slice(self.at[i], self.at[i] + alive)
            reached = FIRST if i == 0 else forward[self.at[i - 1] : self.at[i - 1] + alive] @ go
            step = reached * likely[here]
            total = step.sum(axis=1, keepdims=True)
            forward[here] = step / total
            log += np.log(total).sum(dtype=float)
        return forward, log + np.log((forward[self.ends] * LAST).sum(axis=1)).sum(dtype=float)

    def backward(self, likely, go, forward):
        """Return every block's posterior, and the expected number of moves between states."""
        posterior, expected, left = (
            np.empty_like(likely),
            np.zeros_like(go),
            np.zeros((0, len(STATES)), go.dtype),
        )
        for i in range(self.longest - 1, -1, -1):
            here, beyond = forward[self.at[i] : self.at[i + 1]], len(left)
            new = np.tile(LAST.astype(go.dtype), (self.alive[i], 1))
            if beyond:
                ahead = left * likely[self.at[i + 1] : self.at[i + 2]]
                new[:beyond] = ahead @ go.T
                expected += (
                    here[:beyond] / (here[:beyond] * new[:beyond]).sum(axis=1, keepdims=True)
                ).T @ ahead
            left = new / new.sum(axis=1, keepdims=True)
            both = here * left
            posterior[self.at[i] : self.at[i + 1]] = both / both.sum(axis=1, keepdims=True)
        return posterior, expected * go


class Fit:
    """A network and moves, learned by stochastic gradient descent (Adam with decoupled decay; Loshchilov & Hutter 2019)."""

    def __init__(self):
        rng = np.random.default_rng(0)
        seen = 4 * len(OBSERVED)
        self.learned = {
            "straight": np.zeros((len(OBSERVED), len(GROUPS))),
            "hidden": rng.normal(0, 0.1, (seen, HIDDEN)),
            "out": rng.normal(0, 0.05, (HIDDEN, len(GROUPS))),
            "moves": np.zeros((len(GROUPS), len(GROUPS))),
        }
        self.learned = {name: values.astype(np.float32) for name, values in self.learned.items()}
        self.first, self.second = (
            {name: np.zeros_like(values) for name, values in self.learned.items()} for _ in range(2)
        )
        self.steps = 0

    def slopes(self, batch, rng=None):
        """Return the negative log-likelihood of a batch, and its slope by everything learned."""
        seen, network = (
            batch.inputs(rng),
            Network(*(self.learned[name] for name in Network._fields)),
        )
        groups, spoken = network.scores(seen)
        value, slope, moves = batch.loss(groups, self.learned["moves"])
        hidden = seen.T @ ((slope @ network.out.T) * (spoken > 0))
        return value, {
            "straight": seen[:, : len(OBSERVED)].T @ slope,
            "hidden": hidden,
            "out": spoken.T @ slope,
            "moves": moves.astype(np.float32),
        }

    def step(self, slopes, share_done):
        """Go down the slopes, each step a little less far (cosine)."""
        self.steps += 1
        rate = RATE * min(1.0, self.steps / WARM) * (1 + np.cos(np.pi * share_done)) / 2
        for name, slope in slopes.items():
            self.first[name] = 0.9 * self.first[name] + 0.1 * slope
            self.second[name] = 0.99 * self.second[name] + 0.01 * slope**2
            step = (self.first[name] / (1 - 0.9**self.steps)) / (
                np.sqrt(self.second[name] / (1 - 0.99**self.steps)) + 1e-8
            )
            self.learned[name] = (
                self.learned[name] - rate * (step + DECAY * self.learned[name])
            ).astype(np.float32)

    def loss(self, batches):
        """Return the loss a page."""
        return sum(self.slopes(batch)[0] for batch in batches) / sum(
            len(batch.pages) for batch in batches
        )


def batches_of(pages):
    return [Batch(pages[first : first + BATCH]) for first in range(0, len(pages), BATCH)]


def main():
    articles = sources(learning=True)
    with Pool(CORES) as pool:
        drawn = pool.starmap(
            examples, [(seed, articles[1500:], CHUNK) for seed in range(2, 2 + PAGES // CHUNK)]
        )
    pages = [example for some, _ in drawn for example in some]
    print(
        f"{len(pages)} pages, {sum(len(s) for _, s in pages)} blocks; {sum(odd for _, odd in drawn)} pages set aside as no sequence of parts",
        flush=True,
    )
    batches, unseen = batches_of(pages), batches_of(examples(1, articles[:1500], 2500)[0])
    fit, rng = Fit(), np.random.default_rng(1)
    for turn in range(PASSES):
        value = 0.0
        for done, k in enumerate(rng.permutation(len(batches))):
            loss, slopes = fit.slopes(batches[k], rng)
            fit.step(
                {name: slope / len(batches[k].pages) for name, slope in slopes.items()},
                (turn + done / len(batches)) / PASSES,
            )
            value += loss
        print(
            f"pass {turn + 1}: loss a page {value / len(pages):.3f}, on unseen articles {fit.loss(unseen):.3f}",
            flush=True,
        )
    stored = {name: values.astype(np.float16) for name, values in fit.learned.items()}
    np.savez_compressed(WEIGHTS, observed=np.array(OBSERVED), groups=np.array(GROUPS), **stored)


main()
