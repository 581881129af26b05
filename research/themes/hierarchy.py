"""A tree over themes: those with similar words stand together, down from one root to the themes.

Agglomerative clustering, average linkage of Jensen–Shannon distances between the themes' words.
Groups that a person named stay together, each a node of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform

from research.errors import InputError
from research.themes.curated import ParentGroup
from research.themes.map import join_rare_words
from research.themes.matching import distances
from research.themes.relevance import relevant_words

_WORDS_PER_NODE = 8
_NODES_PER_PIECE = 100  # Bounds the memory of nodes × words.
_NAMES_PER_LABEL = 2

Level = int | str
"""How many groups, or ``"parent"``: the groups that a person named, other themes alone."""


class TreeNode(NamedTuple):
    """A node of the tree: a theme, or what similar ones have in common.

    Attributes
    ----------
    node : int
        Its number: a theme's is the theme's, others follow; the root's is the last.
    parent : int or None
        The node above it; None of the root.
    height : float
        The Jensen–Shannon distance at which its parts join, 0 of a theme.
    share : float
        The sum of its themes' shares.
    by_hand : bool
        Whether a person named it.
    name : str
        Its name: of a theme the theme's, else that of a person, or of its two largest themes.
    themes : tuple[int, ...]
        Its themes.
    words : tuple[str, ...]
        Its most relevant words.
    """

    node: int
    parent: int | None
    height: float
    share: float
    by_hand: bool
    name: str
    themes: tuple[int, ...]
    words: tuple[str, ...]


class Visit(NamedTuple):
    """A node on a walk through the tree, its depth, and whether its parts have been visited."""

    node: TreeNode
    depth: int
    is_end: bool


class ThemeLabels(NamedTuple):
    """Names (n_themes) and shares (n_themes,) of themes, and words that are no labels."""

    names: Sequence[str]
    shares: NDArray[np.float64]
    hidden_words: Collection[str] = ()


@dataclass(frozen=True)
class Hierarchy:
    """A tree over themes: its ``nodes``, themes first, the root last."""

    nodes: tuple[TreeNode, ...]

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """The nodes below each node, by its number; none below a theme."""
        below: dict[int, list[int]] = {node.node: [] for node in self.nodes}
        for node in self.nodes:
            if node.parent is not None:
                below[node.parent].append(node.node)
        return below

    def walk(self) -> Iterator[Visit]:
        """Yield every node on the way down from the root, and a group again on the way up.

        Of the parts of a node the largest comes first. No recursion: a tree may be deep.
        """
        stack = [Visit(self.nodes[-1], 0, is_end=False)]
        while stack:
            visit = stack.pop()
            yield visit
            parts = self.children[visit.node.node]
            if visit.is_end or not parts:
                continue
            stack.append(visit._replace(is_end=True))
            by_share = sorted(parts, key=lambda part: (self.nodes[part].share, -part))
            for part in by_share:
                below = Visit(self.nodes[part], visit.depth + 1, is_end=False)
                stack.append(below)

    @property
    def n_themes(self) -> int:
        """How many themes there are."""
        return sum(not below for below in self.children.values())

    def at(self, level: Level) -> tuple[TreeNode, ...]:
        """Return the groups of a level, in the order of their first themes.

        Parameters
        ----------
        level
            How many groups: the tree is cut where it has so many. Or ``"parent"``: groups that a
            person named, and other themes alone.

        Raises
        ------
        InputError
            Where there are fewer themes, or no group was named.
        """
        if level == "parent":
            nodes = self._named_groups()
            return tuple(dict.fromkeys(nodes))
        if isinstance(level, str) or not 1 <= level <= self.n_themes:
            raise InputError(
                f'level {level!r}: give a number of groups, 1 to {self.n_themes}, or "parent"'
            )
        groups = [self.nodes[-1]]
        while len(groups) < level:
            with_parts = [group for group in groups if self.children[group.node]]
            tallest = max(with_parts, key=lambda group: group.height)
            groups.remove(tallest)
            parts = self.children[tallest.node]
            groups += [self.nodes[part] for part in parts]
        return tuple(sorted(groups, key=_first_theme))

    def group_of_theme(self, level: Level) -> list[int]:
        """Return the position in :meth:`at` of each theme's group (n_themes)."""
        groups = self.at(level)
        if level == "parent":
            return [groups.index(node) for node in self._named_groups()]
        positions: dict[int, int] = {}
        for position, group in enumerate(groups):
            positions |= dict.fromkeys(group.themes, position)
        return [positions[theme] for theme in range(self.n_themes)]

    def sums(self, shares: NDArray[np.float64], level: Level) -> NDArray[np.float64]:
        """Return the shares of a level's groups, n × n_groups, from those of themes."""
        groups = self.group_of_theme(level)
        n_groups = len(self.at(level))
        membership = np.zeros((self.n_themes, n_groups))
        membership[np.arange(self.n_themes), groups] = 1
        return np.asarray(shares @ membership)

    def _named_groups(self) -> list[TreeNode]:
        """Return the innermost group with a name that each theme is in, or the theme alone."""
        if not any(node.by_hand for node in self.nodes):
            raise InputError(
                'level "parent": nobody named a group of topics; give a number of groups, or a '
                "topics file with a parent"
            )
        innermost: dict[int, TreeNode] = {}
        named = [node for node in self.nodes if node.by_hand]
        for node in named:  # Groups within groups come before those that they are in.
            for theme in node.themes:
                innermost.setdefault(theme, node)
        themes = self.nodes[: self.n_themes]
        return [innermost.get(node.node, node) for node in themes]


def _first_theme(node: TreeNode) -> int:
    return min(node.themes)


class _Joint(NamedTuple):
    """A node that is being built: its parts, their distance, and the name of a group."""

    parts: tuple[int, ...]
    themes: tuple[int, ...]
    height: float
    name: str


def build_hierarchy(
    topic_word: NDArray[np.float64],
    labels: ThemeLabels,
    vocabulary: Sequence[str],
    parents: Sequence[ParentGroup] = (),
) -> Hierarchy:
    """Build the tree over themes.

    Parameters
    ----------
    topic_word : NDArray[np.float64]
        Topic–word distributions, n_themes × n_words.
    labels : ThemeLabels
        Names and shares of the themes.
    vocabulary : Sequence[str]
        The n_words words.
    parents : Sequence[ParentGroup]
        Groups that a person named.
    """
    distributions = join_rare_words(topic_word)
    builder = _Builder(distances(distributions, distributions))
    builder.build(parents)
    words = list(_words(builder.joints, topic_word, labels, vocabulary))
    above: dict[int, int] = {}
    for number, joint in enumerate(builder.joints):
        above |= dict.fromkeys(joint.parts, number)
    nodes = []
    for number, joint in enumerate(builder.joints):
        shares = labels.shares[list(joint.themes)]
        node = TreeNode(
            node=number,
            parent=above.get(number),
            height=joint.height,
            share=float(shares.sum()),
            by_hand=bool(joint.name),
            name=joint.name or _label(joint.themes, labels),
            themes=joint.themes,
            words=words[number],
        )
        nodes.append(node)
    return Hierarchy(tuple(nodes))


def _label(themes: Sequence[int], labels: ThemeLabels) -> str:
    """Return the names of a node's two largest themes."""
    by_share = sorted(themes, key=lambda theme: -labels.shares[theme])
    names = [labels.names[theme] for theme in by_share]
    shown = [name for name in names if name]
    return "、".join(shown[:_NAMES_PER_LABEL])


def _words(
    joints: Sequence[_Joint],
    topic_word: NDArray[np.float64],
    labels: ThemeLabels,
    vocabulary: Sequence[str],
) -> Iterator[tuple[str, ...]]:
    """Yield each node's most relevant words."""
    usual = labels.shares @ topic_word / labels.shares.sum()
    n_words = _WORDS_PER_NODE + len(labels.hidden_words)
    for first in range(0, len(joints), _NODES_PER_PIECE):
        piece = joints[first : first + _NODES_PER_PIECE]
        weights = np.zeros((len(piece), len(topic_word)))
        for row, joint in enumerate(piece):
            themes = list(joint.themes)
            shares = labels.shares[themes]
            weights[row, themes] = shares / shares.sum()
        relevant = relevant_words(weights @ topic_word, usual, n_words)
        for columns in relevant.tolist():
            words = [vocabulary[column] for column in columns]
            shown = [word for word in words if word not in labels.hidden_words]
            yield tuple(shown[:_WORDS_PER_NODE])


class _Builder:
    """Joins themes, and groups of them, from the bottom up.

    Parameters
    ----------
    apart
        Distances between themes, n_themes × n_themes.
    """

    def __init__(self, apart: NDArray[np.float64]) -> None:
        self.apart = (apart + apart.T) / 2
        self.joints = [_Joint((), (theme,), 0.0, "") for theme in range(len(apart))]

    def build(self, parents: Sequence[ParentGroup]) -> None:
        """Join all themes; those of a group first, inner groups before outer ones."""
        inside: dict[str, list[ParentGroup]] = {}
        grouped: set[int] = set()
        for group in parents:
            groups = inside.setdefault(group.inside, [])
            groups.append(group)
            grouped.update(group.themes)
        items = [theme for theme in range(len(self.apart)) if theme not in grouped]
        items += [self._join_group(group, inside) for group in inside.get("", [])]
        if len(items) > 1:
            self._join(items, "")

    def _join_group(self, group: ParentGroup, inside: dict[str, list[ParentGroup]]) -> int:
        """Join a group's themes and inner groups; return its node."""
        inner = [self._join_group(other, inside) for other in inside.get(group.name, [])]
        items = [*group.themes, *inner]
        if len(items) == 1:
            return self._add(tuple(items), 0.0, group.name)
        return self._join(items, group.name)

    def _join(self, items: Sequence[int], name: str) -> int:
        """Join nodes two by two, the nearest first; return the last, under *name*."""
        weights = np.zeros((len(items), len(self.apart)))
        for row, item in enumerate(items):
            themes = list(self.joints[item].themes)
            weights[row, themes] = 1 / len(themes)
        table = weights @ self.apart @ weights.T
        condensed = squareform(table, checks=False)
        nodes = list(items)
        steps = linkage(condensed, "average").tolist()
        names = [""] * (len(steps) - 1) + [name]
        for (first, second, height, _), step_name in zip(steps, names, strict=True):
            parts = (nodes[int(first)], nodes[int(second)])
            node = self._add(parts, height, step_name)
            nodes.append(node)
        return nodes[-1]

    def _add(self, parts: tuple[int, ...], height: float, name: str) -> int:
        """Add a node above others, no lower than they are; return its number."""
        themes: list[int] = []
        highest = height
        for part in parts:
            joint = self.joints[part]
            themes += joint.themes
            highest = max(highest, joint.height)
        themes.sort()
        above = _Joint(parts, tuple(themes), highest, name)
        self.joints.append(above)
        return len(self.joints) - 1
