"""The words that the page can follow, as its script reads them."""

import numpy as np
from scipy import sparse

from research.report.lexicon import lexicon


def _read(text):
    """Return how many articles of each period have each word, as themes.js reads it."""
    words, lengths, passed, held = text.split("\n")
    counts, begin = {}, 0
    for word, length in zip(words.split(" "), lengths, strict=True):
        end = begin + ord(length) - 32
        period, by_period = -1, {}
        for gap, articles in zip(passed[begin:end], held[begin:end], strict=True):
            period += ord(gap) - 32 + 1
            by_period[period] = ord(articles) - 32
        counts[word], begin = by_period, end
    return counts


def test_counts_of_words_by_period_are_read_as_they_were_written():
    table = sparse.csc_matrix(np.array([[0, 7, 0], [2, 1, 0], [0, 0, 0], [1, 9, 4]]))
    found = lexicon(["水库", "大坝", "学校"], table)
    assert list(found.words) == ["大坝", "学校", "水库"]
    assert _read(found.text) == {"大坝": {0: 7, 1: 1, 3: 9}, "学校": {3: 4}, "水库": {1: 2, 3: 1}}


def test_a_word_too_frequent_for_one_character_is_left_out():
    table = sparse.csc_matrix(np.array([[50_000, 7]]))
    assert list(lexicon(["的", "水库"], table).words) == ["水库"]


def test_a_run_that_counted_no_words_has_no_lexicon():
    assert lexicon(["水库"], None) is None
