"""Pages to learn from: the observations of their blocks, and the true state of each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.layouts import Item, any_style, set_page
from research import Article
from research.pages.split.blocks import Block, blocks_of
from research.pages.split.evidence import observe
from research.pages.split.lines import lines_of
from research.pages.split.states import ALLOWED, FIRST, LAST, STATES

_MAX_ARTICLES_PER_PAGE = 9
_STATE_OF = {(state.order, state.subheads, state.part): k for k, state in enumerate(STATES)}


class Example(NamedTuple):
    """A page: observations (n_blocks, n_evidence), half precision; true states (n_blocks,)."""

    observed: NDArray[np.float16]
    states: NDArray[np.intp]


class Examples(NamedTuple):
    """Pages, and how many more were set that no sequence of states fits."""

    pages: list[Example]
    n_odd: int


def draw_examples(seed: int, articles: list[Article], count: int) -> Examples:
    """Set *count* pages of random layouts, and observe them."""
    rng = random.Random(seed)
    pages = []
    for _ in range(count):
        style = any_style(rng)
        drawn = rng.sample(articles, rng.randint(1, _MAX_ARTICLES_PER_PAGE))
        if rng.random() < 0.2:
            drawn = [_shortened(article, rng) for article in drawn]
        page, items, roles = set_page(style, drawn, rng)
        blocks = blocks_of(lines_of(page.lines)[0])
        states = gold_states(items, roles, style.headline, blocks)
        if _is_allowed(states):
            pages.append(Example(observe(blocks).astype(np.float16), np.array(states)))
    return Examples(pages, count - len(pages))


def _shortened(article: Article, rng: random.Random) -> Article:
    return replace(article, paragraphs=article.paragraphs[: rng.randint(1, 2)])


def _is_allowed(states: Sequence[int]) -> bool:
    if not (FIRST[states[0]] and LAST[states[-1]]):
        return False
    return all(ALLOWED[before, after] for before, after in pairwise(states))


def gold_states(
    items: Sequence[Item], roles: dict[int, str], order: str, blocks: Sequence[Block]
) -> list[int]:
    """Return the true state of every block.

    Parameters
    ----------
    items: of the page, with the numbers of their lines.
    roles: of every line, as :func:`experiments.layouts.set_page` returns them.
    order: whether headlines are ``before`` or ``after`` their bodies.
    """
    item_of = {number: k for k, item in enumerate(items) for number in item.lines}
    headed = {number for number, role in roles.items() if role == "head"}
    has_head = {k for k, item in enumerate(items) if headed.intersection(item.lines)}
    has_subheads = "subhead" in roles.values()
    states: list[int] = []
    started: set[int] = set()
    last = None
    for block in blocks:
        number = block.lines[0].number
        # A line of the page itself is an item of its own.
        item, role = item_of.get(number, -number), roles[number]
        if role == "head":
            part = "heads" if last == (item, "head") else "head"
        else:
            leads = order == "before" and item in has_head
            part = _part(role, item in started, leads)
            started.add(item)
        last = (item, role)
        states.append(_STATE_OF[order, has_subheads, part])
    return states


def _part(role: str, is_started: bool, follows_head: bool) -> str:
    """Return the part of a block that is no headline's, by the role of its first line."""
    match role:
        case "subhead":
            return "subhead"
        case "caption" | "notice":
            return f"{role}s" if is_started else role
        case "column" | "folio":
            return "column"
    if is_started:
        return "text"
    return "lead" if follows_head else "opening"
