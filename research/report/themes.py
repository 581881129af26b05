"""The page of a themes run: what it shows, put together from its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from research.report import embedding
from research.report.breakdown import BreakdownTable, breakdown_tables, near_duplicate_groups
from research.report.card import Card, themes_card
from research.report.choice import choice_reason
from research.report.chronology import StoryView, chronology
from research.report.compared import ComparedBy, compared_lists, comparison_data
from research.report.curves import axis_breaks, curve_data, point_data
from research.report.events import EventView, event_views
from research.report.findings import themes_findings
from research.report.highlights import Highlights, highlights
from research.report.lexicon import Lexicon, lexicon
from research.report.lineage import EarlierRun, LineTable, earlier_run, line_table
from research.report.movers import MoverList, leading_topics, mover_lists
from research.report.shape import DecisionRow, decision_rows
from research.report.texts import Wording, field_name, joined, wording
from research.report.topics import TopicView, topic_views
from research.report.tree import Dendrogram, TreeItem, dendrogram_of, tree_items

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.runs.rows import NearDuplicate, UndatedArticle

_MAX_UNDATED = 200  # The run has all.
_MAX_CURVES = 4  # When the page opens.
_MAX_WORDS_FOLLOWED = 2  # When the page opens.


@dataclass(frozen=True, slots=True)
class Embedded:
    """Data and scripts that stand in the page: JSON, or packed (see ``embedding``)."""

    curves: str
    points: str
    lexicon: str
    comparison: str
    plotly: str
    plotly_notice: str
    script: str


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """What the template of a themes run shows beside figures and config.

    ``chosen`` are the topics whose curves are drawn when the page opens, ``followed`` the words.
    ``breaks`` are periods that the axis of time leaves out. ``earlier`` is None where the run
    continues no earlier one.
    """

    chosen: Sequence[int]
    followed: str
    findings: Sequence[Wording]
    topics: Sequence[TopicView]
    periods: Sequence[str]
    highlights: Highlights
    breaks: Sequence[str]
    near_duplicate_share: float
    movers: Sequence[MoverList]
    events: Sequence[EventView]
    breakdown: Sequence[BreakdownTable]
    divided_by: Wording
    compared: Sequence[ComparedBy]
    lines: LineTable
    lineage_period: Wording
    choice_reason: Wording | None
    earlier: EarlierRun | None
    chronology: Mapping[str, Mapping[str, Sequence[StoryView]]]
    undated: Sequence[UndatedArticle]
    near_duplicates: Sequence[Sequence[NearDuplicate]]
    decisions: Sequence[DecisionRow]
    tree: Sequence[TreeItem]
    dendrogram: Dendrogram
    card: Card
    embedded: Embedded


def themes_page(run: ThemesRun) -> ThemesPage:
    """Return what the page of a run shows."""
    topics = topic_views(run)
    movers, events = _through_time(run, topics)
    leading = leading_topics(movers) or [topic.number for topic in topics]
    words = lexicon(run.vocabulary, run.mention_counts)
    lineage = run.figures.lineage
    return ThemesPage(
        chosen=leading[:_MAX_CURVES],
        followed=" ".join(_words_to_follow(leading, topics, words)),
        findings=themes_findings(run.shares, topics, movers),
        topics=topics,
        periods=run.shares.periods,
        highlights=highlights(run),
        breaks=[gap.label for gap in axis_breaks(run.shares)],
        near_duplicate_share=run.figures.near_duplicates / run.figures.documents,
        movers=movers,
        events=events,
        breakdown=breakdown_tables(run.breakdown, topics),
        divided_by=joined(map(field_name, run.config.divisions)),
        compared=compared_lists(run, topics),
        lines=line_table(run.lineage, topics),
        lineage_period=wording(f"periods.{run.config.time.lineage or 'year'}"),
        choice_reason=_choice_reason(run),
        earlier=None if lineage is None else earlier_run(lineage, topics),
        chronology=chronology(run.stories, topics),
        undated=run.undated[:_MAX_UNDATED],
        near_duplicates=near_duplicate_groups(run.near_duplicates),
        decisions=decision_rows(run),
        tree=tree_items(run.hierarchy, topics),
        dendrogram=dendrogram_of(run.hierarchy, topics),
        card=themes_card(run),
        embedded=_embedded(run, topics, words),
    )


def _through_time(
    run: ThemesRun, topics: Sequence[TopicView]
) -> tuple[Sequence[MoverList], Sequence[EventView]]:
    """Return what moves and what changed with events, nothing in an archive without dates."""
    if not run.shares.periods:
        return (), ()
    return mover_lists(topics, run.config.time.by), event_views(topics)


def _choice_reason(run: ThemesRun) -> Wording | None:
    figures = run.figures
    if figures.choice is None:
        return None
    return choice_reason(figures.choice, figures.engine_topics or figures.n_topics)


def _words_to_follow(
    leading: Sequence[int], topics: Sequence[TopicView], words: Lexicon | None
) -> list[str]:
    """Return names of leading topics that are words of the lexicon."""
    if words is None:
        return []
    known = set(words.words)
    topic_names = dict.fromkeys(topics[k].topic.name for k in leading)
    return [name for name in topic_names if name in known][:_MAX_WORDS_FOLLOWED]


def _embedded(run: ThemesRun, topics: Sequence[TopicView], words: Lexicon | None) -> Embedded:
    return Embedded(
        curves=embedding.to_json(curve_data(run, topics)),
        points=embedding.pack(embedding.to_json(point_data(run.points))),
        lexicon=embedding.pack(words.text) if words else "",
        comparison=embedding.pack(embedding.to_json(comparison_data(run))),
        plotly=embedding.plotly(),
        plotly_notice=embedding.plotly_notice(),
        script=embedding.themes_script(),
    )
