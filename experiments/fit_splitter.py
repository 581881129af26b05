"""Learns what the splitter's evidence is worth, from real articles set as pages of many layouts.

Writes research/pages/weights.json: a number a piece of evidence and part of a page, no text. One half of the articles is
used, the other is for `benchmarks/pages.py`; the layouts are drawn at random
by the same program, and may come out like one of its styles.
Run it after a change in lines.py, blocks.py or evidence.py: `python experiments/fit_splitter.py [PAGES]`.
"""

from __future__ import annotations

import json
import os
import random
import sys
from dataclasses import replace
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
from layout import any_style, set_page, sources

from research.pages.blocks import blocks_of
from research.pages.chain import ALLOWED, FIRST, GROUP_OF, GROUPS, LAST, STATES
from research.pages.evidence import NAMES, observe
from research.pages.lines import lines_of

PAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 15000
RIDGE = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0004
CHUNK, CORES = 250, os.cpu_count()
WEIGHTS = Path(__file__).parents[1] / "research" / "pages" / "weights.json"


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
            part = "text" if item in started else "lead" if order == "before" and has_head.get(item) else "opening"
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
            drawn = [replace(article, paragraphs=article.paragraphs[: rng.randint(1, 2)]) for article in drawn]
        page, items, roles = set_page(style, drawn, rng)
        blocks = blocks_of(lines_of(page.lines)[0])
        states = gold_states(items, roles, style.headline, blocks)
        fits = FIRST[states[0]] and LAST[states[-1]] and all(ALLOWED[a, b] for a, b in pairwise(states))
        odd += not fits
        if fits:
            kept.append((observe(blocks).astype(np.float32), np.array(states)))
    return kept, odd


class Likelihood:
    """Negative log-likelihood of all pages and its gradient.

    Pages go side by side, the long ones first: row by row the first blocks of all pages, then the second blocks of
    those that have one, and so on.
    """

    def __init__(self, kept):
        kept = sorted(kept, key=lambda one: -len(one[1]))
        lengths = np.array([len(states) for _, states in kept])
        self.count, self.longest = len(kept), int(lengths[0])
        self.alive = [int((lengths > i).sum()) for i in range(self.longest)]
        self.at = np.cumsum([0, *self.alive])
        self.observed = np.concatenate([kept[p][0][i : i + 1] for i in range(self.longest) for p in range(self.alive[i])])
        self.states = np.array([kept[p][1][i] for i in range(self.longest) for p in range(self.alive[i])])
        self.ends = np.array([self.at[length - 1] + p for p, length in enumerate(lengths)])
        pairs = np.zeros((len(STATES), len(STATES)))
        for _, states in kept:
            np.add.at(pairs, (states[:-1], states[1:]), 1)
        self.pairs, self.true_moves = pairs, self.fold(self.fold(pairs, 0), 1)
        self.loss = 0.0

    @staticmethod
    def fold(values, axis):
        out = np.zeros([len(GROUPS) if a == axis else n for a, n in enumerate(values.shape)])
        np.add.at(out, (slice(None),) * axis + (GROUP_OF,), values)
        return out

    def __call__(self, flat):
        cut = len(NAMES) * len(GROUPS)
        evidence, moves = flat[:cut].reshape(len(NAMES), len(GROUPS)), flat[cut:].reshape(len(GROUPS), len(GROUPS))
        wide = moves[np.ix_(GROUP_OF, GROUP_OF)]
        go = np.exp(wide) * ALLOWED
        scores = (self.observed @ evidence[:, GROUP_OF].astype(np.float32)).astype(np.float64)
        top = scores.max(axis=1, keepdims=True)
        likely = np.exp(scores - top)
        forward, log = self.forward(likely, go)
        value = log + top.sum() - scores[np.arange(len(scores)), self.states].sum() - (wide * self.pairs).sum()
        posterior, expected = self.backward(likely, go, forward)
        posterior[np.arange(len(posterior)), self.states] -= 1.0
        slope = self.fold((self.observed.T @ posterior.astype(np.float32)).astype(float), 1)
        slope_moves = self.fold(self.fold(expected, 0), 1) - self.true_moves
        self.loss = value / self.count
        value = self.loss + RIDGE * (flat @ flat) / 2
        return value, np.concatenate([slope.ravel(), slope_moves.ravel()]) / self.count + RIDGE * flat

    def forward(self, likely, go):
        forward, log = np.empty_like(likely), 0.0
        for i, alive in enumerate(self.alive):
            here = slice(self.at[i], self.at[i] + alive)
            reached = FIRST if i == 0 else forward[self.at[i - 1] : self.at[i - 1] + alive] @ go
            step = reached * likely[here]
            total = step.sum(axis=1, keepdims=True)
            forward[here] = step / total
            log += np.log(total).sum()
        return forward, log + np.log((forward[self.ends] * LAST).sum(axis=1)).sum()

    def backward(self, likely, go, forward):
        """Return every block's posterior, and the expected number of moves between states."""
        posterior, expected, left = np.empty_like(likely), np.zeros_like(go), np.zeros((0, len(STATES)))
        for i in range(self.longest - 1, -1, -1):
            here, beyond = forward[self.at[i] : self.at[i + 1]], len(left)
            new = np.tile(LAST.astype(float), (self.alive[i], 1))
            if beyond:
                ahead = left * likely[self.at[i + 1] : self.at[i + 2]]
                new[:beyond] = ahead @ go.T
                expected += (here[:beyond] / (here[:beyond] * new[:beyond]).sum(axis=1, keepdims=True)).T @ ahead
            left = new / new.sum(axis=1, keepdims=True)
            both = here * left
            posterior[self.at[i] : self.at[i + 1]] = both / both.sum(axis=1, keepdims=True)
        return posterior, expected * go


def main():
    articles = sources(learning=True)
    unseen, _ = examples(1, articles[:400], PAGES // 12)
    with Pool(CORES) as pool:
        drawn = pool.starmap(examples, [(seed, articles[400:], CHUNK) for seed in range(2, 2 + PAGES // CHUNK)])
    kept = [example for some, _ in drawn for example in some]
    print(f"{len(kept)} pages, {sum(len(s) for _, s in kept)} blocks; {sum(odd for _, odd in drawn)} pages set aside as no sequence of parts", flush=True)
    likelihood, unseen = Likelihood(kept), Likelihood(unseen)
    size = len(NAMES) * len(GROUPS) + len(GROUPS) ** 2
    found = minimize(likelihood, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 300, "maxfun": 400})
    likelihood(found.x)
    unseen(found.x)
    print(f"{found.nit} steps, loss a page {likelihood.loss:.3f}, on unseen articles {unseen.loss:.3f}")
    cut = len(NAMES) * len(GROUPS)
    evidence, moves = found.x[:cut].reshape(len(NAMES), len(GROUPS)).round(3), found.x[cut:].reshape(len(GROUPS), len(GROUPS)).round(3)
    stored = {
        "evidence": {group: {name: evidence[i, g] for i, name in enumerate(NAMES) if evidence[i, g]} for g, group in enumerate(GROUPS)},
        "moves": {f"{a} > {b}": moves[i, j] for i, a in enumerate(GROUPS) for j, b in enumerate(GROUPS) if moves[i, j]},
    }
    WEIGHTS.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", "utf-8")


main()
