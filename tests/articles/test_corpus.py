import gzip
import json

import pytest
from conftest import PROJECT

from research import (
    Article,
    Fields,
    InputError,
    iter_corpus,
    read_corpus,
    read_page,
    split_by_date,
    split_by_days,
    split_page,
    write_corpus,
)


def _write(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_split_output_is_a_corpus(tmp_path):
    articles = split_page(read_page(PROJECT / "data/pages/body-first-2023-06-02.txt"))
    for name in ("a.jsonl", "a.jsonl.gz"):
        write_corpus(articles, tmp_path / name)
        back = read_corpus(tmp_path / name)
        assert [a.to_json() | {"id": ""} for a in back] == [
            a.to_json() | {"id": ""} for a in articles
        ]
        assert len({a.id for a in back}) == len(back)


def test_written_bytes_do_not_depend_on_the_moment(tmp_path, monkeypatch):
    article = Article(headline="一", paragraphs=("二",))
    write_corpus([article], tmp_path / "a.jsonl.gz")
    monkeypatch.setattr("time.time", lambda: 1.0)
    write_corpus([article], tmp_path / "b.jsonl.gz")
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_fields_are_named_by_the_user(tmp_path):
    path = _write(
        tmp_path / "a.jsonl", {"标题": "甲", "正文": "乙\n\n丙", "日期": 20230105, "栏目": "环保"}
    )
    (article,) = read_corpus(
        path, Fields(id="", headline="标题", text="正文", date="日期", section="栏目")
    )
    assert (article.headline, article.paragraphs, article.date, article.section) == (
        "甲",
        ("乙", "丙"),
        "2023-01-05",
        "环保",
    )


def test_usual_names_of_fields_need_not_be_told(tmp_path):
    path = _write(
        tmp_path / "a.jsonl",
        {"标题": "甲", "内容": "乙", "发布日期": "2023年1月5日", "版面": "A04", "来源": "栖川日报"},
        {"title": "甲", "content": "乙", "headline": "", "published": "2023"},
    )
    first, second = read_corpus(path)
    assert (first.headline, first.text, first.date, first.pages, first.source) == (
        "甲",
        "乙",
        "2023-01-05",
        (4,),
        "栖川日报",
    )
    assert (second.headline, second.text, second.date) == ("", "乙", "2023")
    assert read_corpus(path, Fields(headline=""))[0].headline == ""


def test_a_row_without_text_is_told_with_the_names_it_has(tmp_path):
    path = _write(tmp_path / "a.jsonl", {"Überschrift": "甲", "n": 1})
    with pytest.raises(InputError, match=r"the row has Überschrift, n.*--field text=KEY"):
        read_corpus(path)


def test_labels_are_mapped_and_unwanted_ones_left_out(tmp_path):
    path = _write(
        tmp_path / "a.jsonl",
        {"text": "甲", "section": "时政"},
        {"text": "乙", "section": "副刊"},
        {"text": "丙", "section": "民生"},
    )
    articles = read_corpus(path, labels={"时政": "政务", "副刊": ""})
    assert [article.section for article in articles] == ["政务", "民生"]


GOOD = '{"text": "好"}\n'


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (GOOD + '{"headline": ""}\n', 2, "no text"),
        (GOOD + '{"text": "  "}\n', 2, "no text"),
        (
            GOOD + '{"text": "好", "section": "环境"}\n',
            2,
            'section "环境" is not one of 政务, 环保, 招商, 民生, 其他'.replace('"', "'"),
        ),
        (GOOD + '{"text": "好", "date": "2023-02-30"}\n', 2, "impossible"),
        (GOOD + '{"text": "好", "date": "某日"}\n', 2, "not a date"),
        (GOOD + '{"text": {"page": 1}}\n', 2, "is a dict, not text"),
        (GOOD + '{"text": "好"\n', 2, "not JSON"),
        (GOOD + "[1]\n", 2, "not an object"),
        (GOOD.encode() + b'{"text": "\xb0\xa1"}\n', 2, "not UTF-8"),
        (GOOD + "[" * 200_000 + "\n", 2, "not JSON"),
        ("", None, "no rows"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path, content, line, says):
    path = tmp_path / "a.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_corpus(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}:" if line else f"{path}:")
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize("missing", ["date", "section"])
def test_what_is_required_may_not_be_missing(tmp_path, missing):
    row = {"text": "好", "date": "2023", "section": "民生"}
    path = _write(
        tmp_path / "a.jsonl", row, {key: value for key, value in row.items() if key != missing}
    )
    with pytest.raises(InputError, match=f":2: no {missing} in field"):
        read_corpus(path, require=["date", "section"])


def test_a_cut_off_gzip_says_so_and_reading_is_lazy(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress("".join(f'{{"text": "第{n}篇{n * n}"}}\n' for n in range(5000)).encode())
    path.write_bytes(whole[: len(whole) // 2])
    articles = iter_corpus(path)
    assert next(articles).text == "第0篇0"
    with pytest.raises(InputError, match="cut-off gzip"):
        list(articles)


@pytest.mark.parametrize(
    ("name", "says"),
    [("none.jsonl", "no such file"), (".", "a folder"), ("page.txt", "research split")],
)
def test_a_wrong_path_says_what_to_do(tmp_path, name, says):
    (tmp_path / "page.txt").write_text("一页", "utf-8")
    with pytest.raises(InputError, match=says):
        read_corpus(tmp_path / name)


def _dated(*dates):
    return [Article(paragraphs=(f"第{i}篇",), date=date) for i, date in enumerate(dates)]


def test_split_by_date_trains_on_the_past():
    train, test = split_by_date(
        _dated("2023-01-05", "2024", "2023-12-31", "2024-01-01"), "2024-01-01"
    )
    assert (train, test) == ([0, 1, 2], [3])
    with pytest.raises(InputError, match="leaves test without"):
        split_by_date(_dated("2023-01-05"), "2024")
    with pytest.raises(InputError, match="no date"):
        split_by_date([Article(paragraphs=("无日期",))], "2024")


def test_split_by_days_keeps_days_whole_and_depends_on_the_seed_alone():
    articles = _dated(*(f"2023-01-{1 + n % 20:02d}" for n in range(200)))
    train, test = split_by_days(articles, 0.3, seed=4)
    assert sorted(train + test) == list(range(200))
    assert not {articles[i].date for i in train} & {articles[i].date for i in test}
    assert 60 <= len(test) <= 70
    assert (train, test) == split_by_days(articles, 0.3, seed=4)
    assert test != split_by_days(articles, 0.3, seed=5)[1]


@pytest.mark.parametrize(
    ("page", "pages"),
    [(4, (4,)), ("A04", (4,)), ("第4版", (4,)), ("头版", ()), (True, ()), ([4], ()), (None, ())],
)
def test_page_and_source_are_read_where_they_are_told(tmp_path, page, pages):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "新闻", "page": page, "paper": "栖川日报"}), "utf-8")
    (article,) = read_corpus(path, Fields(source="paper"))
    assert article.pages == pages and article.source == "栖川日报"


def test_a_bad_date_is_an_error_unless_somebody_listens(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "新闻", "date": "2024-02-31"}\n{"text": "旧闻", "date": "2024-02-01"}\n', "utf-8"
    )
    with pytest.raises(InputError, match=r"a\.jsonl:1: .*impossible"):
        read_corpus(path)
    heard = []
    dates = [
        article.date
        for article in iter_corpus(
            path, on_bad_date=lambda article, why: heard.append((article.text, why))
        )
    ]
    assert dates == [None, "2024-02-01"] and heard[0][0] == "新闻" and "impossible" in heard[0][1]
