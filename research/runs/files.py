"""Every file of a run: the one place that knows its name, its columns or type, and its form.

    runs/NAME/
      config.toml     the experiment file as it was
      config.json     the same, every default written out
      figures.json    what was measured
      inputs.json     SHA-256 of what was read
      bad_rows.csv    rows of corpora that were left out, where there are any
      predictions.csv, suspects.csv, rules.csv (sections)
      topics.json, shares.csv, bands.csv, movement.json, events.json, words.csv, mentions.npz,
      lineage.csv, stories.json, breakdown.csv, documents.csv, points.json, undated.csv,
      near_duplicates.csv, effects.csv, groups.csv, divisions.csv,
      hierarchy.csv (themes)
      model/          model.json and one .npy file per array
      engine/         what names and shapes of topics are applied to (themes; see ``engine``)
      report.html     all of it, to look at
      manifest.json   SHA-256 of every file above, and of config and data together
      record.json     time, host, versions, git commit, data: the one file that differs between
                      equal runs

Row types are in ``rows`` and ``figures``, the forms in ``csv_files`` and ``json_files``, and the
files of ``model/`` in ``model_files``.
"""

from __future__ import annotations

from pydantic import TypeAdapter
from scipy import sparse

from research.config import EventConfig
from research.errors import InputError
from research.runs import matrices
from research.runs.csv_files import (
    CsvFile,
    decimal,
    flag,
    gap,
    numbers,
    optional,
    text,
    whole,
    words,
)
from research.runs.draft import Draft
from research.runs.figures import SectionsFigures, ThemesFigures
from research.runs.folder import Source
from research.runs.json_files import JsonFile, ResultFile, ResultsFile
from research.runs.rows import (
    BadRow,
    Band,
    DocumentTopics,
    JsonObject,
    NearDuplicate,
    PeriodShares,
    Prediction,
    Record,
    SuspectLabel,
    UndatedArticle,
)
from research.runs.theme_json import MovementJson, PointsJson, StoryJson, TopicJson
from research.sections.rules import RuleFigures
from research.themes.breakdown import BreakdownRow
from research.themes.comparison import Division
from research.themes.effects import Effect
from research.themes.groups import GroupShare
from research.themes.hierarchy import TreeNode
from research.themes.lineage import LineageStep
from research.themes.wording import WordOfPeriod

CONFIG_TEXT = "config.toml"
REPORT = "report.html"
CONFIG = JsonFile("config.json", TypeAdapter(JsonObject))
INPUTS = JsonFile("inputs.json", TypeAdapter(dict[str, str]))
RECORD = JsonFile("record.json", TypeAdapter(Record), defaults=True)

SECTIONS_FIGURES = JsonFile("figures.json", TypeAdapter(SectionsFigures))
THEMES_FIGURES = JsonFile("figures.json", TypeAdapter(ThemesFigures))

BAD_ROWS = CsvFile(
    "bad_rows.csv", BadRow, (text("corpus"), text("place"), text("kind"), text("why"))
)

PREDICTIONS = CsvFile(
    "predictions.csv",
    Prediction,
    (
        text("id"),
        optional(text("date")),
        text("headline"),
        optional(text("section")),
        text("predicted"),
        flag("sure"),
        text("why"),
    ),
    spread=decimal("p_", 4),
)
SUSPECTS = CsvFile(
    "suspects.csv",
    SuspectLabel,
    (
        text("id"),
        optional(text("date")),
        text("headline"),
        optional(text("section")),
        text("suggested"),
        decimal("p_section", 4),
        decimal("p_suggested", 4),
    ),
)
RULES = CsvFile(
    "rules.csv",
    RuleFigures,
    (
        text("rule"),
        text("section"),
        whole("articles"),
        decimal("coverage", 4),
        decimal("conflict", 4),
        optional(decimal("accuracy", 4)),
        decimal("weight", 4),
    ),
)

TOPICS = ResultsFile("topics.json", TopicJson)
MOVEMENT = ResultsFile("movement.json", MovementJson)
STORIES = ResultsFile("stories.json", StoryJson, indent=None)
POINTS = ResultFile("points.json", PointsJson, indent=None)
EVENTS = JsonFile("events.json", TypeAdapter(tuple[EventConfig, ...]), defaults=True)
SHARES = CsvFile(
    "shares.csv",
    PeriodShares,
    (text("period"), whole("documents")),
    spread=gap(decimal("topic_", 6)),
)
BANDS = CsvFile(
    "bands.csv",
    Band,
    (
        text("period"),
        whole("documents"),
        whole("topic"),
        decimal("share", 6),
        decimal("low", 6),
        decimal("high", 6),
    ),
)
WORDS = CsvFile(
    "words.csv",
    WordOfPeriod,
    (
        whole("topic"),
        text("period"),
        text("against"),
        text("kind"),
        text("word"),
        gap(decimal("z", 2)),
        gap(decimal("share_before", 6)),
        decimal("share", 6),
    ),
)
LINEAGE = CsvFile(
    "lineage.csv",
    LineageStep,
    (
        whole("line"),
        text("period"),
        text("began"),
        text("ended"),
        optional(whole("source")),
        optional(whole("heir")),
        gap(decimal("distance", 4)),
        decimal("share", 6),
        optional(whole("theme")),
        words("words"),
    ),
)
BREAKDOWN = CsvFile(
    "breakdown.csv",
    BreakdownRow,
    (
        text("by"),
        text("value"),
        text("year"),
        whole("documents"),
        whole("topic"),
        decimal("share", 6),
    ),
)
EFFECTS = CsvFile(
    "effects.csv",
    Effect,
    (
        text("by"),
        text("value"),
        text("measure"),
        whole("documents"),
        whole("issues"),
        whole("topic"),
        decimal("share", 6),
        gap(decimal("adjusted", 6)),
        gap(decimal("difference", 6)),
        gap(decimal("low", 6)),
        gap(decimal("high", 6)),
        gap(decimal("p", 6)),
        flag("significant"),
        words("held"),
    ),
)
GROUPS = CsvFile(
    "groups.csv",
    GroupShare,
    (
        text("by"),
        text("value"),
        text("period"),
        whole("documents"),
        whole("issues"),
        whole("topic"),
        decimal("share", 6),
        decimal("low", 6),
        decimal("high", 6),
    ),
)
DIVISIONS = CsvFile(
    "divisions.csv",
    Division,
    (
        text("by"),
        whole("groups"),
        whole("articles"),
        whole("rare_values"),
        whole("rare"),
        whole("without"),
    ),
)
HIERARCHY = CsvFile(
    "hierarchy.csv",
    TreeNode,
    (
        whole("node"),
        optional(whole("parent")),
        decimal("height", 6),
        decimal("share", 6),
        flag("by_hand"),
        text("name"),
        numbers("themes"),
        words("words"),
    ),
)
DOCUMENTS = CsvFile(
    "documents.csv",
    DocumentTopics,
    (
        text("id"),
        optional(text("date")),
        text("headline"),
        optional(whole("topic")),
        optional(decimal("share", 4)),
        optional(whole("second_topic")),
        optional(decimal("second_share", 4)),
    ),
)
UNDATED = CsvFile(
    "undated.csv",
    UndatedArticle,
    (text("id"), text("headline"), text("date"), text("why")),
)
NEAR_DUPLICATES = CsvFile(
    "near_duplicates.csv",
    NearDuplicate,
    (whole("group"), text("id"), optional(text("date")), text("source"), text("headline")),
    name_in_format4="repeated.csv",
)
MENTIONS = "mentions.npz"


def read_bad_rows(source: Source) -> tuple[BadRow, ...]:
    """Return the rows of corpora that were left out; none where the run has no table of them."""
    if not (source.folder / BAD_ROWS.name).is_file():
        return ()
    return BAD_ROWS.read(source)


def write_mentions(draft: Draft, counts: sparse.csc_matrix) -> None:
    """Write how many articles of each period hold each word, n_periods × n_words."""
    matrices.write_sparse(draft, MENTIONS, counts)


def read_mentions(source: Source, shape: tuple[int, int]) -> sparse.csc_matrix | None:
    """Return how many articles of each period hold each word; None of a run that did not count.

    Raises InputError where the file is no matrix of whole numbers of *shape*.
    """
    path = source.folder / MENTIONS
    if not path.is_file():
        return None
    counts: sparse.csc_matrix = matrices.load_sparse(path, "csc")
    if counts.shape != shape or counts.dtype.kind != "i":
        raise InputError(
            f"{path}: expected whole numbers of shape {shape}, found {counts.dtype} of shape "
            f"{counts.shape}; train the run again"
        )
    return counts
