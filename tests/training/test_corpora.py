"""Several corpora in one experiment, and further columns that articles are compared by."""

import json

import pytest

from research import InputError, read_config, write_corpus
from research.articles.corpus import read_corpus
from research.themes.covariates import author_of, covariate_of, values_of
from research.training.corpora import read_corpora

DAY = {"text": "河堤加固完工，两岸居民恢复通行。", "date": "2023-05-01"}


def _experiment(folder, tables, breakdown=("section",)):
    path = folder / "experiment.toml"
    names = ", ".join(f'"{name}"' for name in breakdown)
    path.write_text(f'task = "themes"\n{tables}\n[time]\nbreakdown = [{names}]\n', "utf-8")
    return read_config(path)


def _write(folder, name, *rows):
    lines = (json.dumps(DAY | row, ensure_ascii=False) for row in rows)
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")


def test_several_corpora_are_read_with_their_names(tmp_path):
    _write(tmp_path, "morning.jsonl", {"id": "1"}, {"id": "2", "source": "周末版"})
    _write(tmp_path, "evening.jsonl", {"id": "1", "地区": "东区"})
    tables = '[[corpus]]\nname = "晨报"\npath = "morning.jsonl"\n[[corpus]]\npath = "evening.jsonl"'
    config = _experiment(tmp_path, tables, ("section", "地区"))
    articles, _ = read_corpora(config, tmp_path, None)
    assert [article.id for article in articles] == ["晨报:1", "晨报:2", "evening:1"]
    assert [article.source for article in articles] == ["晨报", "周末版", "evening"]
    assert values_of(articles, "corpus") == ["晨报", "晨报", "evening"]
    assert values_of(articles, "地区") == ["", "", "东区"]
    assert config.divisions == ("section", "地区", "corpus")


def test_one_corpus_is_configured_as_before(tmp_path):
    config = _experiment(tmp_path, '[corpus]\npath = "a.jsonl"')
    table = config.model_dump(mode="json")["corpus"]
    assert list(table) == ["path", "fields", "labels", "limit", "since", "until"]
    assert config.divisions == ("section",)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ('[[corpus]]\npath = "a.jsonl"\n[[corpus]]\npth = "b.jsonl"', r"toml:5: corpus\[1\]\.pth: unknown"),
        ('[[corpus]]\npath = "x/a.jsonl"\n[[corpus]]\npath = "a.csv"', r"several corpora are called 'a'"),
        ("[corpus]\nlimit = 1", r"toml:2: corpus\.path: missing"),
    ],
)  # fmt: skip
def test_a_wrong_corpus_is_named_with_its_line(tmp_path, tables, message):
    with pytest.raises(InputError, match=message):
        _experiment(tmp_path, tables)


def test_a_column_that_no_corpus_has_is_refused_with_those_that_it_has(tmp_path):
    _write(tmp_path, "a.jsonl", {"地区": "东区"})
    config = _experiment(tmp_path, '[corpus]\npath = "a.jsonl"', ("区县", "page"))
    with pytest.raises(InputError, match=r"'区县'; there are section, page, .*地区"):
        read_corpora(config, tmp_path, None)


def test_a_column_may_have_another_name_in_the_corpus(tmp_path):
    _write(
        tmp_path, "a.jsonl", {"dq": " 东  区 "}, {"dq": 7}, {"dq": True}, {"dq": ["甲", "乙"]}, {}
    )
    config = _experiment(tmp_path, '[corpus]\npath = "a.jsonl"\ncolumns = { region = "dq" }')
    articles, _ = read_corpora(config, tmp_path, None)
    assert values_of(articles, "region") == ["东 区", "7", "true", "甲、乙", ""]
    write_corpus(articles, tmp_path / "again.jsonl")
    assert read_corpus(tmp_path / "again.jsonl")[0].text == articles[0].text


def test_columns_of_numbers_are_divided_into_groups_of_about_one_size():
    covariate = covariate_of("views", [str(n) for n in range(40)] + [""])
    assert covariate.groups == ("0 – 9", "10 – 19", "20 – 29", "30 – 39")
    assert covariate.sizes.tolist() == [10, 10, 10, 10, 0, 1]


def test_rare_values_are_one_group_that_is_counted():
    values = [f"甲{n}" for n in range(14) for _ in range(20 - n)] + [""]
    covariate = covariate_of("author", values)
    assert covariate.groups[:2] == ("甲0", "甲1") and len(covariate.groups) == 12
    assert covariate.n_rare == 2 and covariate.sizes.tolist()[-2:] == [15, 1]


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("本报讯（记者 林小满）", "林小满"),
        ("本报记者 孙 震 通讯员 李晓梅", "孙震"),
        ("■王建国", "王建国"),
        ("文/周明", "周明"),
        ("本报记者：欧阳青", "欧阳青"),
        ("本报记者林小满报道", "林小满"),
        ("记者 林小满摄", "林小满"),
        ("本报讯", ""),
        ("据新华社电", ""),
        ("", ""),
    ],
)
def test_the_author_is_the_first_person_of_a_byline(byline, author):
    assert author_of(byline) == author
