"""How far annotators agree."""

from pathlib import Path

import pytest

from research import InputError
from research.sections.agreement import Reading, measure_agreement


def _reading(name, labels):
    return Reading(Path(name), labels, {id_: f"稿件{id_}" for id_ in labels})


def test_agreement_is_measured_on_the_articles_that_two_annotators_share():
    one = _reading("one", {"1": "政务", "2": "民生", "3": "民生"})
    two = _reading("two", {"2": "民生", "3": "环保", "4": "环保"})
    agreement = measure_agreement([one, two])
    (pair,) = agreement.pairs
    assert (pair.articles, pair.equal) == (2, 0.5)
    (disagreement,) = agreement.disagreements
    assert (disagreement.id, disagreement.labels) == ("3", ("民生", "环保"))
    assert disagreement.title == "稿件3"


def test_annotators_who_share_no_article_cannot_be_compared():
    with pytest.raises(InputError, match="one and two share no id"):
        measure_agreement([_reading("one", {"1": "政务"}), _reading("two", {"2": "政务"})])


def test_one_annotator_is_not_enough():
    with pytest.raises(InputError, match="give the files of two annotators"):
        measure_agreement([_reading("one", {"1": "政务"})])
