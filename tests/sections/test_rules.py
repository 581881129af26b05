import json

import numpy as np
import pytest
from conftest import PROJECT

from research import Article, ArticleFeatures, InputError, load, read_corpus, train
from research.config import FeatureConfig, RuleConfig
from research.runs import read
from research.sections.rules import LabelModel, Rules, read_rules

CUES = '[cues]\n"环保" = ["污水", "湿地"]\n"招商" = ["签约", "投产"]\n'
RULE = """\
[[rule]]
section = "政务"
name = "开会"
pattern = "(市委|市政府).{0,8}会议"
field = "headline"
"""


def _rules(tmp_path, text):
    (tmp_path / "rules.toml").write_text(text, "utf-8")
    return read_rules([tmp_path / "rules.toml"])


def test_a_rule_votes_where_it_holds_and_only_in_its_field(tmp_path):
    rules = _rules(tmp_path, CUES + RULE)
    articles = [
        Article(headline="市政府召开会议", paragraphs=("研究污水处理。",)),
        Article(headline="新厂投产", paragraphs=("市委召开会议部署此事。",)),
        "一段没有线索的话",
    ]
    votes = rules.votes(articles).toarray()
    held = [[rules.rules[k].title for k in np.flatnonzero(row)] for row in votes]
    assert held == [["污水", "开会"], ["投产"], []]


def test_at_least_counts_different_words(tmp_path):
    rules = _rules(
        tmp_path,
        '[[rule]]\nsection = "民生"\nwords = ["老人", "孩子", "医保"]\nat_least = 2\n'
        '[[rule]]\nsection = "其他"\npattern = "夺冠"\n',
    )
    assert rules.votes(["老人老人老人", "老人带孩子看病"]).toarray()[:, 0].tolist() == [0, 1]


def test_the_label_model_abstains_where_no_rule_holds_or_two_are_equal(tmp_path):
    rules = _rules(tmp_path, CUES)
    votes = rules.votes(["污水", "签约", "污水签约", "无"])
    assert LabelModel(rules).fit(votes).predict(votes).tolist() == ["环保", "招商", "", ""]


def test_labels_teach_the_model_which_rule_to_trust(tmp_path):
    """污水 and 签约 occur in twenty articles labelled 招商: the rule of 污水 was wrong there."""
    rules = _rules(tmp_path, CUES)
    texts = ["污水厂签约"] * 20 + ["湿地", "投产"]
    votes = rules.votes(texts)
    model = LabelModel(rules).fit(votes, ["招商"] * 20 + [None, None])
    assert model.predict(votes).tolist() == ["招商"] * 20 + ["环保", "招商"]
    by_name = {row.name: row for row in model.figures(votes)}
    assert (
        by_name["污水"].accuracy == 0
        and by_name["签约"].accuracy == 1
        and by_name["湿地"].accuracy is None
    )
    assert by_name["污水"].weight < by_name["签约"].weight
    assert by_name["污水"].conflict == 1 and by_name["签约"].articles == 20


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[cues]\n"环境" = ["水"]\n', 'rules.toml:2: section "环境" is not one of'),
        ('[[rule]]\nsection = "民生"\n', "give one of words and pattern"),
        ('[[rule]]\nsection = "民生"\npattern = "("\n', "no regular expression"),
        ('[[rule]]\nsection = "民生"\nword = ["水"]\n', "rule[0].word: unknown key"),
        ("", "no rule at all"),
    ],
)
def test_a_bad_file_of_rules_is_refused_with_its_place(tmp_path, text, message):
    with pytest.raises(InputError) as error:
        _rules(tmp_path, text)
    assert message in str(error.value)


CONFIG = """
task = "sections"
name = "ruled"
[corpus]
path = "unlabelled.jsonl"
[[features]]
kind = "char-tfidf"
ngrams = [1, 2]
[rules]
files = ["{cues}"]
most = 100
"""


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory):
    """The sample's odd articles without their sections, its even ones with."""
    folder = tmp_path_factory.mktemp("unlabelled")
    rows = [article.to_json() for article in read_corpus(PROJECT / "data/articles.jsonl")]

    def write(name, chosen):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in chosen]
        (folder / name).write_text("".join(lines), "utf-8")

    write("unlabelled.jsonl", [row | {"section": None} for row in rows[1::2]])
    write("labelled.jsonl", rows[::2])
    return folder


def test_an_archive_without_a_label_gets_a_classifier_from_rules(unlabelled, tmp_path):
    config = unlabelled / "ruled.toml"
    config.write_text(
        CONFIG.format(cues=PROJECT / "data/cues.toml") + '[test]\npath = "labelled.jsonl"\n',
        "utf-8",
    )
    folder = train(config, tmp_path).folder
    run = read(folder)
    coverage = run.figures.rules
    # Five sections: chance is 0.2. No label was seen.
    assert run.figures.macro_f1 > 0.6
    assert coverage.covered > 0.9
    assert set(coverage.kept) == {"政务", "环保", "招商", "民生", "其他"}
    assert max(coverage.kept.values()) <= 100
    first, last = run.rules[0], run.rules[-1]
    assert first.articles >= last.articles and first.section in coverage.kept
    assert 0 < first.coverage <= 1 and 0 <= first.conflict <= 1 and first.weight > 0
    report = (folder / "report.html").read_text("utf-8")
    assert "标注规则" in report and first.name in report


def test_without_any_label_the_figures_say_that_they_hold_against_the_rules_only(
    unlabelled, tmp_path
):
    config = unlabelled / "ruled.toml"
    config.write_text(CONFIG.format(cues=PROJECT / "data/cues.toml"), "utf-8")
    folder = train(config, tmp_path).folder
    assert read(folder).figures.test_articles == 0
    assert "no labelled article was tested on" in (folder / "report.html").read_text("utf-8")


FEW = """
task = "sections"
name = "{name}"
[corpus]
path = "few.jsonl"
[[features]]
kind = "char-tfidf"
ngrams = [1, 2]
{cues}
[test]
path = "rest.jsonl"
"""


def test_cue_words_as_features_help_where_labels_are_few(unlabelled, tmp_path):
    """Beside thirty labelled articles, cue words improve the model.

    The run does not need their file any more.
    """
    rows = (unlabelled / "labelled.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "few.jsonl").write_text("".join(rows[::14]), "utf-8")
    (tmp_path / "rest.jsonl").write_text(
        "".join(row for i, row in enumerate(rows) if i % 14), "utf-8"
    )
    (tmp_path / "words.toml").write_text((PROJECT / "data/cues.toml").read_text("utf-8"), "utf-8")
    runs = {}
    for name, cues in (
        ("plain", ""),
        ("cues", '[[features]]\nkind = "cues"\nfiles = ["words.toml"]\nweight = 0.6\n'),
    ):
        (tmp_path / f"{name}.toml").write_text(FEW.format(name=name, cues=cues), "utf-8")
        runs[name] = train(tmp_path / f"{name}.toml", tmp_path / "runs").folder
    macro_f1 = {name: read(folder).figures.macro_f1 for name, folder in runs.items()}
    assert macro_f1["cues"] > macro_f1["plain"] + 0.05
    assert "words.toml" in (runs["cues"] / "inputs.json").read_text("utf-8")
    (tmp_path / "words.toml").unlink()
    assert load(runs["cues"]).predict(["今天的湿地来了候鸟，河长说水质好转。"]) == ["环保"]
    assert str(tmp_path) not in (runs["cues"] / "model/model.json").read_text("utf-8")


def test_an_explanation_lays_what_a_cue_adds_over_its_words(tmp_path):
    (tmp_path / "rules.toml").write_text(CUES + RULE, "utf-8")
    features = ArticleFeatures(
        [FeatureConfig(kind="cues", files=(str(tmp_path / "rules.toml"),), weight=0.5)]
    )
    matrix = features.fit_transform(["污水和湿地", "签约", "投产", "无"])
    assert features.get_feature_names_out().tolist() == [
        "all:cues:环保",
        "all:cues:招商",
        "all:cues:政务",
    ]
    assert (matrix.toarray() > 0).tolist() == [
        [True, False, False],
        [False, True, False],
        [False, True, False],
        [False, False, False],
    ]
    article = Article(headline="市政府召开会议", paragraphs=("说污水，又说污水。", "项目签约。"))
    weights = np.array([1.0, 10.0, 100.0])
    whole, score = features.spread(article, weights)
    assert np.isclose(score.sum(), (features.transform([article]) @ weights)[0])
    marked = "".join(char for char, value in zip(whole, score, strict=True) if value > 0)
    assert marked == "市政府召开会议污水污水签约"


def test_cues_without_a_file_and_what_is_not_for_them_are_refused():
    with pytest.raises(InputError, match="give files"):
        ArticleFeatures([FeatureConfig(kind="cues")]).fit(["污水"])
    with pytest.raises(ValueError, match="files\n  Extra inputs"):
        FeatureConfig(kind="word-tfidf", files=("cues.toml",))
    with pytest.raises(ValueError, match="first\n  Extra inputs"):
        FeatureConfig(kind="cues", first=20)


def test_rules_hold_in_traditional_text_too():
    rules = Rules(
        [
            RuleConfig(section="环保", words=("环境",)),
            RuleConfig(section="环保", words=("環境",)),
            RuleConfig(section="民生", pattern="医(院|疗)"),
            RuleConfig(section="民生", pattern="醫(院|療)"),
        ]
    )
    text = "環境保護與醫療服務"
    assert rules.votes([text]).toarray().tolist() == [[1, 1, 1, 1]]
    assert [place[2:] for place in rules.places(text)] == [(1, 3), (1, 3), (6, 8), (6, 8)]
