"""How far annotators agree on the sections of the same articles.

It reads corpora of labels; it knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from operator import eq
from pathlib import Path
from typing import NamedTuple

from research.articles.corpus import iter_corpus
from research.articles.fields import Fields
from research.errors import InputError
from research.sections.metrics import cohen_kappa, krippendorff_alpha

_MAX_TITLE_CHARACTERS = 40


class Reading(NamedTuple):
    """What one annotator read.

    ``source`` is the annotator's file, ``labels`` has a section per article id, ``titles`` the
    headline or the lead.
    """

    source: Path
    labels: dict[str, str]
    titles: dict[str, str]


class PairAgreement(NamedTuple):
    """Agreement of two annotators on the articles that both have.

    ``equal`` is the share of articles with the same label, ``kappa`` Cohen's.
    """

    left: Path
    right: Path
    articles: int
    equal: float
    kappa: float


class Disagreement(NamedTuple):
    """An article with different labels: one per annotator, None where one did not read it."""

    id: str
    labels: tuple[str | None, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of each two annotators, Krippendorff's alpha of all, and where they differ."""

    pairs: tuple[PairAgreement, ...]
    alpha: float
    disagreements: tuple[Disagreement, ...]


def read_labels(path: Path, fields: Fields) -> Reading:
    """Read one annotator's corpus; raise InputError where an id occurs twice."""
    labels: dict[str, str] = {}
    titles: dict[str, str] = {}
    undated = fields.model_copy(update={"date": ""})
    for article in iter_corpus(path, undated, require=["section"], sections=None):
        if article.id in labels:
            raise InputError(
                f"{path}: id {article.id!r} stands twice; give every article an id of its own"
            )
        labels[article.id] = article.section or ""
        title = article.headline or article.text
        titles[article.id] = title[:_MAX_TITLE_CHARACTERS]
    return Reading(path, labels, titles)


def measure_agreement(readings: Sequence[Reading]) -> Agreement:
    """Return how far annotators agree.

    Raises InputError where there is one annotator only, or two share no article.
    """
    if len(readings) < 2:
        raise InputError("one file; give the files of two annotators or more")
    titles: dict[str, str] = {}
    for reading in readings:
        titles = reading.titles | titles
    pairs = [_compare(left, right) for left, right in combinations(readings, 2)]
    ids_read = chain.from_iterable(reading.labels for reading in readings)
    ids = list(dict.fromkeys(ids_read))
    table = [[reading.labels.get(id_) for id_ in ids] for reading in readings]
    disagreements = []
    labels_of_ids = zip(*table, strict=True)
    for id_, labels in zip(ids, labels_of_ids, strict=True):
        different = set(labels) - {None}
        if len(different) > 1:
            disagreement = Disagreement(id_, labels, titles[id_])
            disagreements.append(disagreement)
    alpha = krippendorff_alpha(table)
    return Agreement(tuple(pairs), alpha, tuple(disagreements))


def _compare(left: Reading, right: Reading) -> PairAgreement:
    shared = [id_ for id_ in left.labels if id_ in right.labels]
    if not shared:
        raise InputError(
            f"{left.source} and {right.source} share no id; give files of the same articles, "
            "or name the field with --field id=KEY"
        )
    one = [left.labels[id_] for id_ in shared]
    other = [right.labels[id_] for id_ in shared]
    n_equal = sum(map(eq, one, other))
    return PairAgreement(
        left=left.source,
        right=right.source,
        articles=len(shared),
        equal=n_equal / len(shared),
        kappa=cohen_kappa(one, other),
    )
