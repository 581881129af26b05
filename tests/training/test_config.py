import json

import pytest
from conftest import PROJECT

from research import InputError, read_config
from research.config import json_schema

GOOD = """name = "一号实验"
task = "sections"

[corpus]
path = "a.jsonl"

[[features]]
kind = "word-tfidf"

[[features]]
kind = "char-tfidf"
ngrams = [1, 3]

[split]
kind = "date"
test_from = "2024"
"""


def _error(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_config(path)
    return str(caught.value).replace(f"{path}", "x.toml").split("\n")


def test_topics_are_made_of_words_of_two_characters_unless_the_file_says_otherwise(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        'task = "themes"\n[corpus]\npath = "a.jsonl"\n[tokens]\nphrases = true\n', "utf-8"
    )
    assert read_config(path).tokens.min_length == 2
    path.write_text(
        'task = "themes"\n[corpus]\npath = "a.jsonl"\n[tokens]\nmin_length = 1\n', "utf-8"
    )
    assert read_config(path).tokens.min_length == 1


def test_a_good_file_has_every_default_spelled_out(tmp_path):
    path = tmp_path / "二号.toml"
    path.write_text(GOOD, "utf-8")
    config = read_config(path)
    assert config.tokens.min_length == 1
    assert (
        config.name,
        config.features[1].ngrams,
        config.classifier.kind,
        config.split.near_identical,
    ) == ("一号实验", (1, 3), "svm", "drop")
    path.write_text(GOOD.split("\n", 1)[1], "utf-8")
    assert read_config(path).name == "二号"


def test_everything_wrong_is_said_at_once_with_file_line_key_and_choices(tmp_path):
    text = (
        GOOD.replace("ngrams = [1, 3]", 'ngrams = [3, 1]\nfeild = "body"')
        .replace('"a.jsonl"', "7")
        .replace('"word-tfidf"', '"words"')
        + "seed = 1\n"
    )
    lines = _error(tmp_path, text)
    assert lines == [
        "x.toml:5: corpus.path: 7 should be a valid string",
        "x.toml:8: features[0].kind: 'words' should be 'word-tfidf', 'char-tfidf', 'word-count', 'hashing', 'vectors', 'cues' or 'language'",
        "x.toml:13: features[1].feild: unknown key; allowed here: kind, files, field, first, ngrams, weight, min_df, max_df, max_features, edges, sublinear",
        "x.toml:18: split.seed: unknown key; allowed here: kind, test_from, test_share, near_identical",
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ('kind = "word-tfidf"', 'kind = "word-tfidf"\nngrams = [3, 1]'),
            "x.toml:7: features[0]: ngrams [3, 1] must rise",
        ),
        (
            ('task = "sections"', 'task = "secions"'),
            "x.toml:2: task 'secions' is unknown; allowed: 'sections', 'themes'",
        ),
        (('task = "sections"', ""), "task is missing; allowed: 'sections', 'themes'"),
        (('test_from = "2024"', ""), 'split: kind = "date" needs test_from'),
        (
            ('test_from = "2024"', 'test_from = "2024"\ntest_share = 0.5'),
            "test_share has no meaning",
        ),
        (('test_from = "2024"', 'test_from = "2024-02-30"'), "impossible"),
        (('name = "一号实验"', 'name = "../x"'), "no folder name"),
        (("[split]", '[test]\npath = "b.jsonl"\n[split]'), "give one of [split] and [test]"),
        (
            ('path = "a.jsonl"', 'path = "a.jsonl"\nlabels = {"时政" = "政"}'),
            'corpus.labels.时政: section "政" is not one of',
        ),
        (('path = "a.jsonl"', ""), "corpus.path: missing; add it"),
        (('kind = "word-tfidf"', 'kind = "hashing"\nmin_df = 2'), "hashing has none"),
        (('path = "a.jsonl"', 'path = "a.jsonl'), "not TOML"),
    ],
)
def test_bad_combinations_are_refused(tmp_path, change, says):
    (line,) = _error(tmp_path, GOOD.replace(*change))
    assert says in line


@pytest.mark.parametrize(
    ("topics", "says"),
    [
        ('start = "like"', "name it: like ="),
        ('like = "runs/a"\nstart = "like"\nn_topics = [10, 20]', "give n_topics as one number"),
        ('like = "runs/a"\nstart = "like"\nstability = true', "take stability"),
        ('like = "runs/a"\nseeds = [["水"]]', "take like or seeds out"),
    ],
)
def test_topics_that_cannot_be_gone_on_with_are_refused(tmp_path, topics, says):
    (line,) = _error(tmp_path, f'task = "themes"\n[corpus]\npath = "a.jsonl"\n[topics]\n{topics}\n')
    assert says in line


def test_shipped_experiments_are_good_and_fit_the_schema():
    schema = json_schema()
    assert set(schema["discriminator"]["mapping"]) == {"sections", "themes"}
    json.dumps(schema)
    for path in (PROJECT / "experiments").glob("*.toml"):
        assert read_config(path).name == path.stem
