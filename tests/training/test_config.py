import json

import pytest
from conftest import PROJECT

from research import InputError, read_config
from research.config import (
    FEATURE_KINDS,
    CharTfidfConfig,
    FeatureConfig,
    SectionsExperiment,
    ThemesExperiment,
    check_config,
    check_features,
    json_schema,
    upgrade_config,
    upgrade_features,
    upgrade_model,
)

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
        'task = "themes"\n[corpus]\npath = "a.jsonl"\n[tokens]\nnew_words = true\n', "utf-8"
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
        config.split.near_duplicates,
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
        "x.toml:13: features[1].feild: unknown key; allowed here: kind, weight, field, first, ngrams, edges, min_df, max_df, max_features, sublinear",
        "x.toml:18: split.seed: unknown key; allowed here: kind, test_from, test_share, near_duplicates",
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
        (
            ('kind = "word-tfidf"', 'kind = "hashing"\nmin_df = 2'),
            "x.toml:9: features[0].min_df: unknown key; allowed here: kind, weight, field, first, "
            "ngrams, edges, max_features",
        ),
        (
            ('kind = "word-tfidf"', 'kind = "cues"\nfirst = 20'),
            "x.toml:9: features[0].first: unknown key; allowed here: kind, weight, files",
        ),
        (('kind = "word-tfidf"', "min_df = 2"), "x.toml:7: features[0].kind: missing; add it"),
        (
            ('kind = "word-tfidf"', 'kind = "language"'),
            "x.toml:7: features[0].ngrams: missing; add it",
        ),
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
        ('like = "runs/a"\nstart = "like"\nn_topics = "auto"', "give n_topics as one number"),
        ('n_topics = "auto"\nalpha = [0.1, 0.2]', "alpha is one number per topic"),
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


def test_a_block_of_features_has_the_class_and_the_keys_of_its_kind():
    block = FeatureConfig(kind="char-tfidf", ngrams=(1, 3))
    assert isinstance(block, CharTfidfConfig) and block.ngrams == (1, 3) and block.sublinear
    assert block.model_dump()["kind"] == "char-tfidf" and "files" not in block.model_dump()
    assert block.title == "char-tfidf all 1–3"
    assert FeatureConfig(kind="cues").reads == "all"
    with pytest.raises(ValueError, match="'words' is no kind of features; allowed: 'word-tfidf'"):
        FeatureConfig(kind="words")
    with pytest.raises(ValueError, match="Extra inputs"):
        FeatureConfig(kind="vectors", min_df=2)
    for kind, config in FEATURE_KINDS.items():
        assert config.model_fields["kind"].annotation.__args__ == (kind,)


def test_blocks_may_be_plain_dicts():
    blocks = check_features([{"kind": "char-tfidf", "ngrams": [1, 3]}, FeatureConfig(kind="cues")])
    assert blocks == (FeatureConfig(kind="char-tfidf", ngrams=(1, 3)), FeatureConfig(kind="cues"))
    with pytest.raises(InputError) as caught:
        check_features([{"kind": "cues", "first": 3}])
    assert str(caught.value) == (
        "features[0]: first: unknown key; allowed here: kind, weight, files"
    )
    with pytest.raises(InputError, match=r"features\[0\]: kind: 'x' should be 'word-tfidf', "):
        check_features([{"kind": "x"}])


@pytest.mark.parametrize(
    ("task", "old", "new"),
    [
        ("themes", "[tokens]\nphrases = true\n", "tokens.phrases is called tokens.new_words"),
        ("themes", 'repeats = "once"\n', "repeats is called near_duplicates"),
        (
            "sections",
            '[split]\nkind = "days"\ntest_share = 0.3\nnear_identical = "refuse"\n',
            "split.near_identical is called split.near_duplicates",
        ),
    ],
)
def test_former_keys_mean_the_same_and_warn(tmp_path, task, old, new):
    rest = '[corpus]\npath = "a.jsonl"\n[[features]]\nkind = "vectors"\n'
    if task == "themes":
        rest = rest.split("[[")[0]
    if old.startswith("["):
        rest, old = rest + old, ""
    path = tmp_path / "x.toml"
    path.write_text(f'task = "{task}"\n{old}{rest}', "utf-8")
    with pytest.warns(DeprecationWarning, match=new):
        config = read_config(path)
    if isinstance(config, ThemesExperiment):
        assert config.tokens.new_words != (config.near_duplicates == "once")
    else:
        assert config.split.near_duplicates == "refuse"


def test_a_key_and_its_former_name_together_are_refused(tmp_path):
    text = 'task = "themes"\nrepeats = "once"\nnear_duplicates = "keep"\n'
    (line,) = _error(tmp_path, text + '[corpus]\npath = "a.jsonl"\n')
    assert line.startswith("x.toml:2: repeats: unknown key")


@pytest.mark.parametrize("task", ["sections", "themes"])
def test_configs_of_runs_of_format_4_are_upgraded(task):
    folder = PROJECT / "tests" / "runs" / "format4" / task
    old = json.loads((folder / "config.json").read_text("utf-8"))
    new = upgrade_config(old)
    config = check_config(new, lambda _: "config.json:1", default_name=task)
    assert json.loads(config.model_dump_json()) == new
    assert upgrade_config(new) == new
    assert "new_words" in new["tokens"] and "phrases" not in new["tokens"]
    assert "phrases" in old["tokens"]
    if isinstance(config, SectionsExperiment):
        assert new["split"]["near_duplicates"] == old["split"]["near_identical"]
        assert [block.kind for block in config.features] == list(
            dict.fromkeys(block["kind"] for block in old["features"])
        )
    else:
        assert config.near_duplicates == old["repeats"]


def test_models_of_format_4_are_upgraded():
    path = PROJECT / "tests" / "runs" / "format4" / "sections" / "model" / "model.json"
    old = json.loads(path.read_text("utf-8"))
    new = upgrade_model(old)
    for before, after in zip(old["blocks"], new["blocks"], strict=True):
        assert after["config"] == upgrade_features(before["config"])
        (config,) = check_features([after["config"]])
        assert set(after["config"]) <= set(type(config).model_fields)
        assert set(after) == set(before)
    assert upgrade_model(new) == new and upgrade_model({"task": "themes"}) == {"task": "themes"}


def test_priors_are_numbers_above_0_and_a_value_of_several_types_has_one_line(tmp_path):
    text = 'task = "themes"\n[corpus]\npath = "a.jsonl"\n[topics]\nalpha = nan\neta = -1.0\n'
    lines = _error(tmp_path, text + "n_topics = 2.5\n")
    assert sorted(lines) == [
        "x.toml:5: topics.alpha: nan must be a number above 0",
        "x.toml:6: topics.eta: -1.0 must be a number above 0",
        "x.toml:7: topics.n_topics: 2.5 should be a valid integer or a valid tuple or 'auto'",
    ]
