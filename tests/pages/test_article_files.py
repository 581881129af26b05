"""Files that hold articles already: crawlers' folders, exports, tagged text, HTML, Word."""

import json
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from research import InputError, read_corpus
from research.articles.text_files import gather
from research.cli.app import app
from research.pages.archive import split_archive
from research.pages.read.article_files import WHOLE_FILES, read_article_file
from research.pages.read.article_files.files import FORMS
from research.pages.read.article_files.form import TextFile

LONG = (
    "栖川市召开治理春季沙尘与沿河十二个乡镇村庄道路水渠林网建设工作会议并就今后三年山水田林路"
    "统一规划分期实施逐年验收层层落实责任作出全面部署要求各级干部深入田间地头"
)


def write(path, text, encoding="utf-8", newline="\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.replace("\n", newline).encode(encoding))
    return path


def read(path, text, *options):
    return read_article_file(write(path, text, *options))


def titles(article):
    return (article.intro_title, article.headline, article.subtitle)


# A file an article: 引题, 题, 副题


def test_a_crawlers_folder_is_read_and_joined_over_its_pages(tmp_path):
    day = tmp_path / "news/20240305"
    write(
        day / "20240305-01-01.txt",
        "市长在水利工作会议上强调\n把水渠修到每一块田\n今年再修三百公里\n"
        "　　本报讯（记者 简宁）水利工作会议昨日召开。\n　　今年修渠三百公里。（下转第三版）\n"
        "《栖川日报》（2024年03月05日 第 01 版）\n",
    )
    write(
        day / "20240305-01-02.txt",
        "\n石门渡口通航\n\n　　石门镇的渡口昨日通航。\n《栖川日报》\n（2024年03月05日\n第 01 版）\n",
        "gb18030",
        "\r\n",
    )
    write(day / "20240305-03-01.txt", f"\n{LONG}\n\n　　（上接第一版）先修渠，再平地。\n")
    write(day / "20240305-03-02.txt", "\n图片新闻\n\n")
    output = tmp_path / "out.jsonl"
    summary = split_archive([tmp_path / "news"], output, n_jobs=1)
    first, second = read_corpus(output)
    assert titles(first) == ("市长在水利工作会议上强调", "把水渠修到每一块田", "今年再修三百公里")
    assert (first.byline, first.date, first.pages) == ("本报讯（记者 简宁）", "2024-03-05", (1, 3))
    assert first.paragraphs == ("水利工作会议昨日召开。", "今年修渠三百公里。", "先修渠，再平地。")
    assert (titles(second), second.text) == (("", "石门渡口通航", ""), "石门镇的渡口昨日通航。")
    assert dict(summary.files) == {"an article a file (引题, 题, 副题)": 4}
    assert (summary.issues, summary.joined, summary.aside["source line"]) == (1, 1, 4)
    assert len(summary.problems) == 1
    assert "03-02.txt: body of “图片新闻” not found" in summary.problems[0]
    sources = json.loads(output.read_text("utf-8").splitlines()[0])["sources"]
    assert sources == ["20240305/20240305-01-01.txt", "20240305/20240305-03-01.txt"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("2024-03-05_A01_3.txt", "\n渡口通航\n\n渡口昨日通航。\n", ("", "渡口通航", "")),
        (
            "20240305-02-01-渡口.txt",
            "渡口通航\n每日二十班\n渡口昨日通航。\n",
            ("", "渡口通航", "每日二十班"),
        ),
        ("20240305-02-01.txt", "渡口通航\n渡口昨日通航。\n", ("", "渡口通航", "")),
        ("2024-03-05/02-01.txt", f"简讯\n{LONG}\n\n渡口昨日通航。\n", ("简讯", LONG, "")),
        (
            "20240305-02-01.txt",
            "渡口通航\n\n\n　　本报记者　简宁\n　　渡口昨日通航。\n",
            ("", "渡口通航", ""),
        ),
    ],
)
def test_titles_of_crawled_files(tmp_path, name, text, expected):
    (article,) = read(tmp_path / name, text).articles
    assert (titles(article), article.text, article.date) == (
        expected,
        "渡口昨日通航。",
        "2024-03-05",
    )


# Articles under 第N版() 专栏：


def test_a_page_a_file_with_headlines_of_any_length(tmp_path):
    found = read(
        tmp_path / "19620108-1.txt",
        f"{LONG}\n第1版()\n专栏：\n\n　　会议昨日召开。\n　　各乡镇已落实。\n\n石门渡口通航  每日二十班\n"
        "第1版(要闻) 专栏：短波\n\n　　渡口昨日通航。\n\n新渠放水\n简宁\n1962-01-08\n第四版（）\n专栏：\n新渠昨日放水。\n",
    )
    assert [titles(article) for article in found.articles] == [
        ("", LONG, ""),
        ("", "石门渡口通航", "每日二十班"),
        ("", "新渠放水", ""),
    ]
    assert [article.text for article in found.articles] == [
        "会议昨日召开。\n各乡镇已落实。",
        "渡口昨日通航。",
        "新渠昨日放水。",
    ]
    assert [article.pages for article in found.articles] == [(1,), (1,), (4,)]
    assert {article.date for article in found.articles} == {"1962-01-08"}
    assert found.articles[2].byline == "简宁"
    assert found.aside == {"page and column": 5}


def test_an_author_under_the_column_is_no_text(tmp_path):
    text = "渡口通航\n第2版()\n专栏：\n作者：简宁\n\n渡口昨日通航。\n"
    (article,) = read(tmp_path / "19500108-2.txt", text).articles
    assert (article.byline, article.text) == ("简宁", "渡口昨日通航。")


def test_an_article_a_markdown_file_that_repeats_its_titles(tmp_path):
    found = read(
        tmp_path / "a.md",
        "### 石门渡口通航  每日开船二十班\n\n简宁\n\n1950-01-08\n\n第2版()\n\n专栏：\n\n"
        "　　石门渡口通航\n\n　　每日开船二十班\n\n　　简宁\n\n　　渡口昨日通航。\n",
    )
    (article,) = found.articles
    assert titles(article) == ("", "石门渡口通航", "每日开船二十班")
    assert (article.byline, article.date, article.pages) == ("简宁", "1950-01-08", (2,))
    assert article.paragraphs == ("渡口昨日通航。",)
    assert found.aside["repeated heading"] == 3


def test_a_day_in_markdown_and_front_matter(tmp_path):
    day = read(
        tmp_path / "day.md",
        "# 栖川日报 2024年3月5日\n## 第01版：要闻\n### 渡口通航\n渡口**昨日**通航。\n- 每日[开船](http://x.y)。\n"
        "### 新渠放水\n![图](a.png)\n新渠昨日放水。\n## 第02版：民生\n### 药店夜间营业\n十家药店营业。\n",
    ).articles
    assert [(article.headline, article.pages, article.text) for article in day] == [
        ("渡口通航", (1,), "渡口昨日通航。\n每日开船。"),
        ("新渠放水", (1,), "新渠昨日放水。"),
        ("药店夜间营业", (2,), "十家药店营业。"),
    ]
    assert {article.date for article in day} == {"2024-03-05"}
    (article,) = read(
        tmp_path / "one.md",
        '---\ntitle: "药店夜间营业"\ndate: 2024-03-07\nauthor: 孙震\n---\n十家药店营业。\n## 方便老人\n老人说好。\n',
    ).articles
    assert (article.headline, article.byline, article.date) == (
        "药店夜间营业",
        "孙震",
        "2024-03-07",
    )
    assert article.paragraphs == ("十家药店营业。", "方便老人", "老人说好。")


@pytest.mark.parametrize(
    "text",
    [
        "渡口通航\n====\n2024-03-05\n\n渡口昨日通航。\n",
        "渡口通航\n\n2024-03-05 来源：栖川日报\n\n渡口昨日通航。\n",
        "---\ntitle: 渡口通航\ndate: 2024-03-05\n---\n渡口昨日通航。\n",
        "### 市长强调\n# 渡口通航\n#### 每日二十班\n\n渡口昨日通航。\n",
    ],
)
def test_other_hands_of_markdown(tmp_path, text):
    (article,) = read(tmp_path / "20240305-03-01.md", text).articles
    assert (article.headline, article.text) == ("渡口通航", "渡口昨日通航。")
    assert (article.date, article.pages) == ("2024-03-05", (3,))


# Exports


EXPORT = """文章总数: {total} 篇
====================
1. 栖川日报 - 要闻 (渡口通航)
A02 | 要闻 | 2021-03-05 | 记者 简宁

渡口通航

渡口昨日通航：

1. 每日开船二十班。
2. 票价两元。

文章编号: 202103050001
本文只供个人参考，版权属栖川日报所有。
--------------------
2. 石门晚报 (药店夜间营业)
2021年3月6日 | B1 | 民生

药店夜间营业
孙震
十家药店营业。

文章编号: 202103060017
--------------------
"""


def test_a_press_databases_export(tmp_path):
    found = read(tmp_path / "export.txt", EXPORT.format(total=2))
    first, second = found.articles
    assert (first.headline, first.source, first.date, first.pages, first.page_names) == (
        "渡口通航",
        "栖川日报",
        "2021-03-05",
        (2,),
        ("A02",),
    )
    assert first.paragraphs == ("渡口昨日通航：", "1.每日开船二十班。", "2.票价两元。")
    assert (second.headline, second.source, second.date, second.byline, second.page_names) == (
        "药店夜间营业",
        "石门晚报",
        "2021-03-06",
        "孙震",
        ("B01",),
    )
    assert (first.id, first.byline, second.text) == ("202103050001", "记者 简宁", "十家药店营业。")
    assert found.problems == ()
    assert found.aside["export's own lines"] == 11
    cut = read(tmp_path / "cut.txt", EXPORT.format(total=3))
    assert "cut.txt: says that it has 3 articles, 2 found" in cut.problems[0]


def test_labelled_parts_and_literature_databases(tmp_path):
    found = read(
        tmp_path / "cnki.txt",
        "Title-题名: 渡口通航\nAuthor-作者: 简宁;\nSource-文献来源: 栖川日报\nPubTime-发表时间: 2021-03-05\n"
        "Summary-摘要: 渡口昨日通航。\n\nTitle-题名: 新渠放水\nSummary-摘要: 新渠昨日放水。\n",
    ).articles
    assert [(a.headline, a.byline, a.source, a.date, a.text) for a in found] == [
        ("渡口通航", "简宁", "栖川日报", "2021-03-05", "渡口昨日通航。"),
        ("新渠放水", "", "", None, "新渠昨日放水。"),
    ]
    (article,) = read(
        tmp_path / "1.txt",
        "【标题】渡口通航\n【日期】2021年3月5日\n【版次】第02版\n【正文】\n渡口昨日通航。\n每日开船。\n",
    ).articles
    assert (article.date, article.pages, article.text) == (
        "2021-03-05",
        (2,),
        "渡口昨日通航。\n每日开船。",
    )


def test_segmented_and_tagged_text(tmp_path):
    found = read(
        tmp_path / "199801.txt",
        "19980101-01-001-001/m  栖川/ns  大桥/n  合龙/v  \n"
        "19980101-01-001-002/m  [栖川市/ns  政府/n]nt  重{chong2}/v  修/v  大桥/n  。/w  \n\n"
        "19980101-02-003-001/m  药店/n  用/v  Color/nx OS/nx 。/w  \n",
        "gb18030",
        "\r\n",
    )
    first, second = found.articles
    assert (first.headline, first.text) == ("栖川大桥合龙", "栖川市政府重修大桥。")
    assert (second.headline, second.text) == ("", "药店用Color OS。")
    assert [(a.date, a.pages, a.id) for a in found.articles] == [
        ("1998-01-01", (1,), "19980101-01-001"),
        ("1998-01-01", (2,), "19980101-02-003"),
    ]
    bare = read(
        tmp_path / "tagged.txt", "栖川/ns 大桥/n 合龙/v\n" + "大桥/n 全长/v 千米/q 。/w\n" * 3
    )
    assert (bare.articles[0].headline, bare.articles[0].paragraphs[0]) == (
        "栖川大桥合龙",
        "大桥全长千米。",
    )


# HTML, Word, and what is refused


HTML = (
    "<html><head><title>渡口通航_栖川网</title><meta name=publishdate content=2024-03-05></head><body>"
    "<div><a href=1>首页</a></div><h1>渡口通航</h1><div class=neirong><p>石门镇的渡口昨日通航，两岸群众"
    "不用再绕行十五公里的山路。</p><p>每日开船二十班。</p></div></body></html>"
)


@pytest.mark.parametrize("name", ["a.htm", "b.HTML", "saved.doc"])
def test_a_lone_html_file_of_an_article(tmp_path, name):
    found = read(tmp_path / name, HTML)
    (article,) = found.articles
    assert (found.form, article.headline, article.date) == (
        "saved HTML article",
        "渡口通航",
        "2024-03-05",
    )
    assert len(article.paragraphs) == 2


def test_beside_an_epaper_other_html_is_no_article_but_counted(tmp_path):
    day = tmp_path / "html/2024-03/05"
    write(
        day / "node_2.htm",
        '<a id=pageLink href="node_2.htm">第01版：要闻</a><a href="content_5.htm">雨停了</a>',
    )
    write(day / "content_5.htm", "<title>雨停了</title><div id=ozoom><p>石门镇的雨停了。</p></div>")
    write(tmp_path / "frame.htm", HTML)
    summary = split_archive([tmp_path], tmp_path / "out.jsonl", n_jobs=1)
    assert (summary.kinds.total(), dict(summary.unread)) == (1, {".htm": 1})


def test_a_word_document(tmp_path):
    document = docx.Document()
    document.add_heading("渡口通航", 0)
    document.add_paragraph("2024年3月5日 来源：栖川日报")
    document.add_paragraph("渡口昨日通航。")
    document.add_table(1, 2).cell(0, 0).text = "船次"
    document.save(tmp_path / "a.docx")
    found = read_article_file(tmp_path / "a.docx")
    (article,) = found.articles
    assert (found.form, article.headline, article.date) == (
        "Word document",
        "渡口通航",
        "2024-03-05",
    )
    assert article.paragraphs == ("渡口昨日通航。", "船次")


def test_without_python_docx_the_error_names_it(tmp_path, monkeypatch):
    docx.Document().save(tmp_path / "a.docx")
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(InputError, match=r"a\.docx: reading \.docx needs python-docx; install it"):
        read_article_file(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("name", "raw", "true"),
    [
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "a Word document of before 2007",
        ),
        (
            "a.txt",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "a Word document of before 2007",
        ),
        ("a.txt", b"{\\rtf1 x}", "rich text"),
        ("a.caj", b"anything", "a CNKI file"),
        ("a.docx", b"HN\x00\x00", "a CNKI file"),
        ("a.txt", b"\x89PNG\r\n", "an image"),
        ("a.mht", b"From: <Saved by x>\r\n", "a web archive"),
        ("a.docx", b"PK\x03\x04 cut off", "a damaged Word document"),
    ],
)
def test_other_files_are_refused_by_their_true_names(tmp_path, name, raw, true):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=f"{name}: is {true}"):
        read_article_file(tmp_path / name)


def test_zipped_documents_are_told_apart(tmp_path):
    for name, entry, true in (
        ("a.epub", "application/epub+zip", "an e-book"),
        ("b.txt", "application/vnd.oasis.opendocument.text", "an OpenDocument text"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("mimetype", entry)
        with pytest.raises(InputError, match=f"{name}: is {true}"):
            read_article_file(tmp_path / name)


def test_a_folder_that_yields_nothing_ends_with_2_and_says_why(tmp_path):
    for folder, files in (
        ("documents", {"a.rtf": "{\\rtf1 x}", "b.caj": "CAJ"}),
        ("links", {"a.htm": "<title>目录</title><a href=1.htm>一</a>"}),
        ("pictures", {"a.jpg": "x", "b.jpg": "y"}),
        ("titles", {"20240305-01-01.txt": "\n图片新闻\n\n"}),
    ):
        for name, text in files.items():
            write(tmp_path / folder / name, text)
        with pytest.raises(InputError, match=r"RTF[^\n]*\n[^\n]*CNKI|body of|2 \.jpg"):
            split_archive([tmp_path / folder], tmp_path / "out.jsonl", n_jobs=1)
        assert not (tmp_path / "out.jsonl").exists()


# --whole


def test_whole_takes_every_form_and_any_other_text_as_one_article(tmp_path):
    write(
        tmp_path / "in/a.txt",
        f"{LONG}\n2024年3月6日 10:22 来源：栖川日报 作者：简宁\n会议昨日召开。\n各地落实。\n",
    )
    write(tmp_path / "in/export.txt", EXPORT.format(total=2))
    write(tmp_path / "in/b.htm", HTML)
    outcome = gather([tmp_path / "in"], tmp_path / "out.jsonl", reader=WHOLE_FILES)
    articles = read_corpus(tmp_path / "out.jsonl")
    assert [article.id for article in articles] == ["a", "b", "export-1", "export-2"]
    assert (articles[0].headline, articles[0].byline, articles[0].date) == (
        LONG,
        "简宁",
        "2024-03-06",
    )
    assert articles[0].paragraphs == ("会议昨日召开。", "各地落实。")
    assert (outcome.n_articles, outcome.problems, outcome.aside["source line"]) == (4, [], 1)


def test_the_command_prints_the_articles_of_a_file(tmp_path):
    path = write(tmp_path / "a.htm", HTML)
    printed = CliRunner().invoke(app, ["split", str(path), "--jsonl"]).output
    assert json.loads(printed)["headline"] == "渡口通航"
    outline = CliRunner().invoke(app, ["split", str(path)]).output
    assert "1 items, saved HTML article" in outline


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([
    "", "第1版()", "专栏：", "### 题", "---", "====", "1. 报 (题)", "文章编号: 1", "标题：题", "正文：文。",
    "19980101-01-001-001/m 题/n", "一句话。", "《报》（2024年03月05日 第01版）", "　　", "# ", "文章总数: 2 篇",
]), max_size=12), st.sampled_from(["a.txt", "a.md", "20240305-01-02.txt"]))  # fmt: skip
def test_no_form_fails_on_parts_of_others(tmp_path_factory, lines, name):
    path = tmp_path_factory.getbasetemp() / name
    file = TextFile(path, tuple(lines))
    for form in FORMS:
        if any(line.strip() for line in lines) and form.recognises(file):
            form.read(file)
