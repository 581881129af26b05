"""Themes at a level of their tree, and the tree itself, as ``themes`` prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from research.cli.terminal import print_csv, print_table

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.themes.hierarchy import Level
    from research.themes.shares import SharesOverTime

_WORDS_PER_GROUP = 6
_INDENT = "  "


def parse_level(level: str) -> Level:
    """Return a level as it was typed: a number of groups, or "parent"."""
    return int(level) if level.isdecimal() else level


def print_level(run: ThemesRun, level: str, *, csv: bool) -> None:
    """Print the groups of a level, or as CSV their shares in every period."""
    from research.report.texts import names, printed_names

    parsed = parse_level(level)
    groups = run.hierarchy.at(parsed)
    if csv:
        header = names("en", "columns.shares")
        print_csv(header, share_rows(run.shares_at(parsed), [group.name for group in groups]))
        return
    rows: list[Sequence[str]] = [printed_names("tables.level")]
    for number, group in enumerate(groups):
        share = f"{group.share:.1%}"
        words = " ".join(group.words[:_WORDS_PER_GROUP])
        themes = " ".join(map(str, group.themes))
        row = (str(number), group.name, share, themes, words)
        rows.append(row)
    print_table(rows)


def share_rows(shares: SharesOverTime, names: Sequence[str]) -> Iterator[Sequence[object]]:
    """Yield the share of each theme or group, with its band, in every period that has articles.

    *names* are those of the columns of *shares*.
    """
    for i, period in enumerate(shares.periods):
        documents = int(shares.counts[i])
        if not documents:
            continue
        for k, name in enumerate(names):
            band = (shares.shares[i, k], shares.low[i, k], shares.high[i, k])
            figures = [f"{value:.6f}" for value in band]
            yield period, documents, k, name, *figures


def print_tree(run: ThemesRun) -> None:
    """Print the tree over themes, the root first."""
    children = run.hierarchy.children
    for node, depth, is_end in run.hierarchy.walk():
        if is_end:
            continue
        words = " ".join(node.words[:_WORDS_PER_GROUP])
        number = "" if children[node.node] else f"{node.node} "
        typer.echo(f"{_INDENT * depth}{number}{node.name} {node.share:.1%}  {words}")
