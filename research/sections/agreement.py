"""How far annotators agree on the sections of the same articles.

It reads corpora of labels; it knows no model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from operator import eq
from pathlib import Path
from typing import NamedTuple

from research.articles.corpus import CorpusReader
from research.articles.fields import Fields
from research.articles.row_rules import RowRules
from research.errors import InputError

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
    """Read one annotator's corpus, as far as it is labelled.

    Raises InputError where an id occurs twice, or no row has a section.
    """
    labels: dict[str, str] = {}
    titles: dict[str, str] = {}
    undated = fields.model_copy(update={"date": ""})
    rules = RowRules(undated, require=["section"], sections=None, partly_labelled=True)
    reader = CorpusReader(path, rules)
    for article in reader:
        if not article.section:
            continue
        if article.id in labels:
            raise InputError(
                f"{path}: id {article.id!r} stands twice; give every article an id of its own"
            )
        labels[article.id] = article.section
        title = article.headline or article.text
        titles[article.id] = title[:_MAX_TITLE_CHARACTERS]
    reader.refuse()
    if not labels:
        raise InputError(
            f"{path}: no row has a section in field {fields.section!r}; fill some in, or name the "
            "field (--field section=KEY)"
        )
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
    return Agreement(
        pairs=tuple(pairs),
        alpha=krippendorff_alpha(table),
        disagreements=tuple(disagreements),
    )


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


def cohen_kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Return two annotators' agreement beyond chance (Cohen 1960); 1.0 where all labels are one."""
    from sklearn.metrics import cohen_kappa_score

    if len({*one, *other}) == 1:
        return 1.0
    kappa = cohen_kappa_score(one, other)
    return float(kappa)


def krippendorff_alpha(readings: Sequence[Sequence[str | None]]) -> float:
    """Return several annotators' agreement beyond chance (Krippendorff 2004, ch. 11).

    Labels are nominal. 1.0 where all labels are the same.

    Parameters
    ----------
    readings
        n_annotators × n_articles labels, None where an annotator has none.

    Raises
    ------
    InputError
        Where no article has two readings.
    """
    coincidences = _coincidences(readings)
    total = sum(coincidences.values())
    if not total:
        raise InputError("no article has labels of two annotators; give files that share ids")
    totals: defaultdict[str, float] = defaultdict(float)
    for (one, _), count in coincidences.items():
        totals[one] += count
    disagreement = 0.0
    for (one, other), count in coincidences.items():
        if one != other:
            disagreement += count
    n_pairs = 0.0
    for one, total_of_one in totals.items():
        for other, total_of_other in totals.items():
            if one != other:
                n_pairs += total_of_one * total_of_other
    expected = n_pairs / (total - 1)
    if not expected:
        return 1.0
    return 1.0 - disagreement / expected


def _coincidences(
    readings: Sequence[Sequence[str | None]],
) -> defaultdict[tuple[str, str], float]:
    """Return how often two labels meet in one article, over its readings but one."""
    coincidences: defaultdict[tuple[str, str], float] = defaultdict(float)
    for article in zip(*readings, strict=True):
        counts = Counter(label for label in article if label is not None)
        n_readings = counts.total()
        if n_readings < 2:
            continue
        for one, n_one in counts.items():
            for other, n_other in counts.items():
                n_partners = n_other - 1 if one == other else n_other
                coincidences[one, other] += n_one * n_partners / (n_readings - 1)
    return coincidences
