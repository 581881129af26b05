import pytest

from research import InputError, read_corpus
from research.articles.text_files import gather


def test_a_folder_of_single_articles_becomes_a_corpus(tmp_path):
    folder = tmp_path / "剪报"
    (folder / "民生").mkdir(parents=True)
    (folder / "民生" / "医保10.txt").write_bytes(
        (
            "　　门诊费用直接结算\r\n\r\n"
            "　　3月1日起，门诊费用直接结算。\r\n　　参保人不用再垫付。\r\n"
        ).encode("gb18030")
    )
    (folder / "民生" / "医保9.txt").write_text("只有一段正文，没有标题。\n", "utf-8")
    (folder / "2024-03-05 签约.txt").write_text(
        "机器人项目签约\n发布时间：2023-01-01 来源：栖川日报\n总投资二十亿元。\n", "utf-8"
    )
    (folder / "水厂.TXT").write_text(
        "水厂投产\n2024年3月6日 10:22 来源：栖川日报\n日供水十万吨。\n", "utf-8"
    )
    (folder / "旧事.txt").write_text("旧事\n1998年7月1日，水库开工。\n", "utf-8")
    (folder / "空.txt").write_text("\n", "utf-8")
    (folder / ".hidden.txt").write_text("不是文章\n", "utf-8")
    output = folder / "all.jsonl"
    count, problems = gather([folder], output)
    assert count == 5 and len(problems) == 1 and "空.txt: the file is empty" in problems[0]
    articles = {article.id: article for article in read_corpus(output)}
    assert [*articles] == ["2024-03-05 签约", "旧事", "民生/医保9", "民生/医保10", "水厂"]
    insured = articles["民生/医保10"]
    assert (insured.headline, insured.paragraphs, insured.source) == (
        "门诊费用直接结算",
        ("3月1日起，门诊费用直接结算。", "参保人不用再垫付。"),
        "民生",
    )
    assert (articles["民生/医保9"].headline, articles["民生/医保9"].text) == (
        "",
        "只有一段正文，没有标题。",
    )
    assert [articles[name].date for name in ("2024-03-05 签约", "水厂", "旧事")] == [
        "2024-03-05",
        "2024-03-06",
        None,
    ]


def test_two_folders_keep_articles_of_one_name_apart(tmp_path):
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text(f"{name}报\n新闻一则。\n", "utf-8")
    gather([tmp_path / "甲", tmp_path / "乙"], tmp_path / "a.jsonl")
    assert [(article.id, article.source) for article in read_corpus(tmp_path / "a.jsonl")] == [
        ("甲/1", "甲"),
        ("乙/1", "乙"),
    ]


def test_nothing_is_written_where_nothing_can_be_read(tmp_path):
    output = tmp_path / "a.jsonl"
    output.write_text("earlier", "utf-8")
    with pytest.raises(InputError, match="no articles below"):
        gather([tmp_path], output)
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"bad\.txt"):
        gather([tmp_path], output)
    assert output.read_text("utf-8") == "earlier"
