"""The sample that ships: its checker finds what is wrong; pages and e-paper are the items'."""

import importlib.util
import json
import shutil
from collections import Counter

import pytest
from conftest import PROJECT

from research import read_corpus, read_issue, read_page, split_issue

ARTICLES = read_corpus(PROJECT / "data/articles.jsonl", require=["date", "section"])
EPAPER = PROJECT / "data/epaper"

_spec = importlib.util.spec_from_file_location("check", PROJECT / "data/check.py")
check = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(check)


def test_the_checker_finds_nothing():
    assert check.problems(PROJECT / "data") == []


def test_three_years_of_items_in_every_section():
    assert len(ARTICLES) >= 800
    assert min(Counter(article.section for article in ARTICLES).values()) >= 160
    months = Counter(article.date[:7] for article in ARTICLES)
    assert len(months) == 36 and min(months.values()) >= 15


def _spoil(rows, what):
    """Return the sample's rows with one thing wrong, and a word of what the checker must say."""
    first, second = rows[10], rows[500]
    if what == "id":
        first["id"] = "qichuan-9999"
    elif what == "headline":
        first["headline"] = second["headline"]
    elif what == "short":
        first["text"] = first["text"][:100]
    elif what == "repeat":
        first["text"] = second["text"].replace("。", "！")
    elif what == "second":
        first["second_section"] = first["section"]
    elif what == "copy":
        first["copy_of"] = second["id"]
    elif what == "run":
        for row in rows[20:24]:
            row["text"] += "这十六个字在四篇里都出现过一次。"
    elif what == "section":
        first["section"] = "环境"
    return rows


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("id", "id qichuan-9999, not qichuan-0011"),
        ("headline", "stands 2 times"),
        ("short", " characters, not 120 to 700"),
        ("repeat", "nearly repeats"),
        ("second", "second section"),
        ("copy", "which it does not repeat"),
        ("run", "stands in 4 items"),
        ("section", "is not one of"),
    ],
)
def test_the_checker_finds_what_is_wrong(tmp_path, what, says):
    folder = tmp_path / "data"
    shutil.copytree(PROJECT / "data", folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "articles.jsonl"
    rows = _spoil([json.loads(line) for line in path.read_text("utf-8").splitlines()], what)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    assert any(says in problem for problem in check.problems(folder))


def test_there_are_pages_of_every_dump_style():
    pages = [read_page(path) for path in sorted((PROJECT / "data/pages").rglob("*.txt"))]
    assert len(pages) >= 24
    assert {page.encoding for page in pages} == {"utf-8", "utf-8-sig", "gb18030"} and {
        page.newline for page in pages
    } == {"\n", "\r\n"}
    kinds = Counter(
        json.loads(line)["kind"]
        for path in (PROJECT / "data/pages").rglob("*.gold.jsonl")
        for line in path.read_text("utf-8").splitlines()
    )
    assert set(kinds) == {"article", "continuation", "brief", "caption", "notice"}


@pytest.mark.parametrize(
    "folder", sorted((PROJECT / "data/pages").glob("20*")), ids=lambda folder: folder.name
)
def test_jumps_of_an_issue_are_joined_to_the_item(folder):
    golds = [
        json.loads(line)
        for path in sorted(folder.glob("*.gold.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    texts = {article.id: article.text.replace("\n", "") for article in ARTICLES}
    joined = [
        article.text.replace("\n", "")
        for article in split_issue([read_page(path) for path in sorted(folder.glob("*.txt"))])
        if len(set(article.pages)) > 1
    ]
    assert joined == [texts[row["id"]] for row in golds if row["kind"] == "continuation"]


def test_the_e_paper_comes_out_as_its_gold():
    issue = read_issue(EPAPER / "html/2025-11/21")
    gold = [json.loads(line) for line in (EPAPER / "gold.jsonl").read_text("utf-8").splitlines()]
    assert (issue.date, issue.problems, len(issue.pages)) == ("2025-11-21", (), 4)
    fields = ("headline", "intro_title", "subtitle", "byline", "paragraphs", "page", "box")
    assert [
        (
            a.headline,
            a.intro_title,
            a.subtitle,
            a.byline,
            list(a.paragraphs),
            a.pages[0],
            list(a.boxes[0]),
        )
        for a in issue.articles
    ] == [tuple(row[field] for field in fields) for row in gold]
