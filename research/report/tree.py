"""The tree over themes as the page shows it: nodes that fold, and a dendrogram in SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from research.report.topics import TopicView

if TYPE_CHECKING:
    from research.themes.hierarchy import Hierarchy, TreeNode

_OPEN_GROUPS = 6  # Of the tree, when the page opens.
_MAX_DEPTH = 60  # Of nested groups.
_ROW_PIXELS = 20
_BRANCHES_PIXELS = 420  # From the root to the themes.
_LABELS_PIXELS = 260
_MARGIN_PIXELS = 10
_AXIS_PIXELS = 24
_TICKS = (0, 0.25, 0.5, 0.75, 1)


class TreeItem(NamedTuple):
    """A theme, the beginning of a group, or its end, in the order of the page.

    ``kind`` is "theme", "group" or "end"; ``label`` is what the page calls it.
    """

    kind: str
    node: TreeNode
    label: str
    is_open: bool = False


class Stroke(NamedTuple):
    """A line of the dendrogram: an SVG path, and the title that it shows when pointed at."""

    path: str
    title: str


class Leaf(NamedTuple):
    """A theme at the end of the dendrogram: its number, its label and its place."""

    theme: int
    label: str
    x: float
    y: float


class Tick(NamedTuple):
    """A distance on the dendrogram's axis, and where it stands."""

    distance: float
    x: float


@dataclass(frozen=True, slots=True)
class Dendrogram:
    """A dendrogram: its size in pixels, its lines, its themes and its axis."""

    width: int
    height: int
    strokes: Sequence[Stroke]
    leaves: Sequence[Leaf]
    ticks: Sequence[Tick]


def tree_items(hierarchy: Hierarchy, topics: Sequence[TopicView]) -> list[TreeItem]:
    """Return the tree for folding; the groups of a coarse level can be seen when it opens.

    Groups deeper than a browser nests are left out, their themes are not.
    """
    n_groups = min(_OPEN_GROUPS, hierarchy.n_themes)
    coarse = [set(group.themes) for group in hierarchy.at(n_groups)]
    items = []
    for node, depth, is_end in hierarchy.walk():
        is_theme = not hierarchy.children[node.node]
        if is_theme:
            items.append(TreeItem("theme", node, topics[node.node].label))
        elif depth > _MAX_DEPTH:
            continue
        elif is_end:
            items.append(TreeItem("end", node, node.name))
        else:
            is_inside = any(themes.issuperset(node.themes) for themes in coarse)
            group = TreeItem("group", node, node.name, is_open=not is_inside)
            items.append(group)
    return items


def dendrogram_of(hierarchy: Hierarchy, topics: Sequence[TopicView]) -> Dendrogram:
    """Return the dendrogram: the root on the left, themes on the right, one on each row."""
    rows: dict[int, float] = {}
    strokes: list[Stroke] = []
    leaves: list[Leaf] = []
    for node, _, is_end in hierarchy.walk():
        parts = hierarchy.children[node.node]
        if not parts:
            row = _MARGIN_PIXELS + _ROW_PIXELS * (len(leaves) + 0.5)
            rows[node.node] = row
            label = topics[node.node].label
            leaves.append(Leaf(node.node, label, _x_of(0), row))
        elif is_end:
            row = sum(rows[part] for part in parts) / len(parts)
            rows[node.node] = row
            start = f"M{_x_of(node.height)} {row:.1f}"
            title = f"{node.name} · {node.height:.2f}"
            for part in parts:
                end = _x_of(hierarchy.nodes[part].height)
                path = f"{start}V{rows[part]:.1f}H{end}"
                strokes.append(Stroke(path, title))
    return Dendrogram(
        width=2 * _MARGIN_PIXELS + _BRANCHES_PIXELS + _LABELS_PIXELS,
        height=2 * _MARGIN_PIXELS + _ROW_PIXELS * len(leaves) + _AXIS_PIXELS,
        strokes=strokes,
        leaves=leaves,
        ticks=[Tick(distance, _x_of(distance)) for distance in _TICKS],
    )


def _x_of(height: float) -> float:
    """Return where a distance stands from left to right."""
    share = 1 - min(height, 1.0)
    return round(_MARGIN_PIXELS + _BRANCHES_PIXELS * share, 1)
