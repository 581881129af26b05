"""Years of issues → one corpus: any number of cores, resumed, bad files left out; jumps."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import PROJECT
from hypothesis import given, settings
from hypothesis import strategies as st

from research import Article, InputError, Page, read_corpus, split_issue
from research.pages.archive import split_archive
from research.pages.corrections import correct_page, read_corrections
from research.pages.jumps import join_jumps

FRONT = (
    "石门镇六小时降雨二百三十七毫米",
    "",
    "　　本报讯（记者 周启明） 柏岭县石门镇六小时降雨二百三十七毫米，七个村进水。",
    "　　截至昨日十八时，转移安置群众一万一千余人，",
    "安置点设在镇中学，教室里（下转02版）",
    "",
    "白鹭湖今冬来了八百只候鸟",
    "",
    "　　本报讯（记者 顾晓岚） 白鹭湖今冬来了八百只候鸟，观鸟点设在东堤。",
)
BACK = (
    "栖川日报 2024年7月10日 星期三 第02版",
    "",
    "石门镇一万一千人转移",
    "",
    "　　（上接01版）铺开了行军床。石门镇的老师成了志愿者。",
    "　　县里调来三十台抽水泵，石门镇的积水正在退去。",
    "",
    "恒岳机械减速器下线",
    "",
    "　　本报讯（记者 方亦舟） 恒岳机械第一万台减速器昨日下线。",
)


def test_an_article_is_joined_over_its_pages():
    first, birds, gears = split_issue([Page(FRONT), Page(BACK)])
    assert first.headline == "石门镇六小时降雨二百三十七毫米"
    assert first.paragraphs[-2] == (
        "截至昨日十八时，转移安置群众一万一千余人，"
        "安置点设在镇中学，教室里铺开了行军床。石门镇的老师成了志愿者。"
    )
    assert (first.pages, first.lines, first.jump_to, first.kind) == (
        (1, 2),
        ((1, 5), (3, 6)),
        None,
        "article",
    )
    assert [birds.pages, gears.pages] == [(1,), (2,)]


def half(headline, text, page, jump_from=None, jump_to=None):
    kind = "article" if jump_from is None else "continuation"
    return Article(
        kind,
        headline,
        paragraphs=(text,),
        lines=((1, 2),),
        pages=(page,),
        jump_from=jump_from,
        jump_to=jump_to,
    )


def test_two_jumps_to_one_page_find_their_own_halves():
    articles = [
        half("柴市街改造开工", "柴市街的老房子要修了，居民盼了十年，", 1, jump_to=2),
        half("望江大桥合龙", "望江大桥昨日合龙，两岸往来只要十分钟，", 1, jump_to=2),
        half("大桥年内通车", "望江大桥的桥面下月铺装。", 2, jump_from=1),
        half("", "柴市街一期先修下水道，老房子再修屋面。", 2, jump_from=1),
    ]
    first, second = join_jumps(articles)
    assert (
        first.text == "柴市街的老房子要修了，居民盼了十年，柴市街一期先修下水道，老房子再修屋面。"
    )
    assert second.text == "望江大桥昨日合龙，两岸往来只要十分钟，望江大桥的桥面下月铺装。"


def test_halves_without_their_other_stay_as_they_are():
    lone = [
        half("甲", "今年丰收，", 1, jump_to=3),
        half("乙", "另一件事。", 2, jump_from=1),
        half("丙", "自己。", 4, jump_from=4, jump_to=4),
    ]
    assert join_jumps(lone) == lone


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.none() | st.integers(1, 3), st.none() | st.integers(1, 3)),
        max_size=7,
    )
)
def test_joining_never_loses_or_doubles_a_half(marks):
    articles = [
        half("同题", f"第{n}段，", page, back, to) for n, (page, back, to) in enumerate(marks)
    ]
    joined = "".join(article.text for article in join_jumps(articles))
    assert sorted(joined) == sorted("".join(article.text for article in articles))


@pytest.fixture
def archive(tmp_path):
    """Two issues of two pages, an e-paper issue, and files that cannot be read."""
    root = tmp_path / "栖川日报"
    for day in ("2024-07-10", "2024-07-11"):
        (root / day).mkdir(parents=True)
        (root / day / "01.txt").write_text("\n".join(FRONT), "utf-8")
        (root / day / "02.txt").write_bytes("\r\n".join(BACK).encode("gb18030"))
    (root / "2024-07-11/03.txt").write_bytes(b"\xff\x81\x20\x30")
    (root / "2024-07-11/04.pdf").write_bytes(b"%PDF-1.4 damaged")
    paper = root / "html/2024-07/12"
    paper.mkdir(parents=True)
    (paper / "node_2.htm").write_text(
        '<a id=pageLink href="node_2.htm">第 01 版：要闻</a><a href="content_5.htm">雨停了</a>',
        "utf-8",
    )
    (paper / "content_5.htm").write_text(
        "<!--enpproperty <title>雨停了</title> /enpproperty-->"
        "<!--enpcontent--><p>石门镇的雨停了。</p><!--/enpcontent-->",
        "utf-8",
    )
    return root


def test_an_archive_becomes_one_corpus(archive, tmp_path):
    output = tmp_path / "articles.jsonl"
    found = split_archive([archive], output, n_jobs=1)
    rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows[:3]] == [
        "2024-07-10/01-01",
        "2024-07-10/01-02",
        "2024-07-10/02-01",
    ]
    assert rows[0]["sources"] == ["2024-07-10/01.txt", "2024-07-10/02.txt"]
    assert (rows[0]["pages"], rows[0]["date"], rows[-1]["headline"], rows[-1]["date"]) == (
        [1, 2],
        "2024-07-10",
        "雨停了",
        "2024-07-12",
    )
    assert 0 < rows[0]["confidence"] <= 1
    assert (found.issues, found.pages, found.joined, dict(found.aside)) == (3, 5, 2, {"folio": 2})
    assert [("03.txt" in problem) or ("04.pdf" in problem) for problem in found.problems] == [
        True,
        True,
    ]
    assert len(read_corpus(output)) == len({row["id"] for row in rows}) == 7


def test_the_same_bytes_on_any_number_of_cores(archive, tmp_path):
    split_archive([archive], tmp_path / "one.jsonl", n_jobs=1)
    split_archive([archive], tmp_path / "two.jsonl", n_jobs=2)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path):
    root = tmp_path / "pages"
    for day in range(1, 29):
        (root / f"2024-02-{day:02d}").mkdir(parents=True)
        for page in range(1, 5):
            (root / f"2024-02-{day:02d}/{page:02d}.txt").write_text("\n".join(FRONT * 6), "utf-8")
    output, work = tmp_path / "a.jsonl", tmp_path / ".a.jsonl.work"
    output.write_text("earlier\n", "utf-8")
    command = [
        sys.executable,
        "-m",
        "research",
        "split",
        str(root),
        "-o",
        str(output),
        "--jobs",
        "1",
    ]
    started = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL)
    while started.poll() is None and len(list(work.glob("*.json"))) < 3:
        time.sleep(0.01)
    started.send_signal(signal.SIGKILL)
    started.wait()
    assert output.read_text("utf-8") == "earlier\n"
    found = split_archive([root], output, n_jobs=1)
    assert found.resumed >= 3
    assert found.pages == 112
    assert not work.exists()
    split_archive([root], tmp_path / "again.jsonl", n_jobs=1)
    assert output.read_bytes() == (tmp_path / "again.jsonl").read_bytes()


def _issues_of(root, tmp_path, *sources):
    """Split an archive; return its issues' names and how many halves were joined."""
    output = tmp_path / "issues.jsonl"
    summary = split_archive(sources or [root], output, n_jobs=1)
    ids = [json.loads(line)["id"] for line in output.read_text("utf-8").splitlines()]
    return list(dict.fromkeys(id_.rpartition("/")[0] for id_ in ids)), summary.joined


def _write_pages(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(FRONT if "01" in path.stem else BACK[1:]), "utf-8")


@pytest.mark.parametrize(
    ("names", "issues", "joined"),
    [
        (("202312/20/01.txt", "202312/20/02.txt"), ["202312/20"], 1),
        (("2023/12/20/01.txt", "2023/12/20/02.txt"), ["2023/12/20"], 1),
        (("2023/1220/01.txt", "2023/1220/02.txt"), ["2023/1220"], 1),
        (("202312/20/01.txt", "202312/21/02.txt"), ["202312/20", "202312/21"], 0),
        (("202312/01.txt", "202312/02.txt"), ["202312/01.txt", "202312/02.txt"], 0),
        (("202312/20231220-01.txt", "202312/20231220-02.txt"), ["202312/2023-12-20"], 1),
        (("01-20231220.txt", "02-20231220.txt"), ["2023-12-20"], 1),
        (("a/20231220-01.txt", "a/20231221-02.txt"), ["a/2023-12-20", "a/2023-12-21"], 0),
        (("2023-12-20/01.txt", "2023-12-20/20231220-02.txt"), ["2023-12-20"], 1),
        (
            ("2023-12-20/01.txt", "2023-12-20/20231221-02.txt"),
            ["2023-12-20", "2023-12-20/2023-12-21"],
            0,
        ),
        (
            ("2023-12-20/日报/01.txt", "2023-12-20/晚报/02.txt"),
            ["2023-12-20/日报", "2023-12-20/晚报"],
            0,
        ),
        (("pages/01.txt", "pages/02.txt"), ["pages/01.txt", "pages/02.txt"], 0),
    ],
)
def test_an_issue_is_the_files_of_one_folder_and_one_day(tmp_path, names, issues, joined):
    _write_pages(tmp_path / "archive", *names)
    assert _issues_of(tmp_path / "archive", tmp_path) == (issues, joined)


def test_a_days_folder_is_one_issue_also_where_it_is_named_itself(tmp_path):
    _write_pages(tmp_path, "202312/20/01.txt", "202312/20/02.txt")
    folder = tmp_path / "202312" / "20"
    assert _issues_of(folder, tmp_path) == (["20"], 1)
    files = [folder / "01.txt", folder / "02.txt"]
    assert _issues_of(folder, tmp_path, *files) == (["20"], 1)


def test_a_day_above_the_folder_that_was_named_makes_no_issue(tmp_path):
    _write_pages(tmp_path, "backup 2024-01-05/pages/01.txt", "backup 2024-01-05/pages/02.txt")
    root = tmp_path / "backup 2024-01-05" / "pages"
    assert _issues_of(root, tmp_path) == (["01.txt", "02.txt"], 0)


def test_nothing_to_read_is_an_error_and_leaves_what_was_there(tmp_path):
    output = tmp_path / "a.jsonl"
    output.write_text("earlier\n", "utf-8")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no pages below"):
        split_archive([tmp_path / "empty"], output)
    (tmp_path / "empty/01.txt").write_bytes(b"")
    with pytest.raises(InputError, match=r"01\.txt: the page is empty"):
        split_archive([tmp_path / "empty"], output)
    assert output.read_text("utf-8") == "earlier\n"


def corrections(folder, text):
    path = folder / "corrections.toml"
    path.write_text(text, "utf-8")
    return read_corrections(path)


def test_corrections_survive_and_stale_ones_are_told(tmp_path):
    said = corrections(
        tmp_path,
        """
        [[cut]]
        before = "安置点设在镇中学"
        [[headline]]
        article = "观鸟点设在东堤"
        headline = "候鸟来了"
        [[kind]]
        article = "观鸟点设在东堤"
        kind = "brief"
        [[section]]
        article = "观鸟点设在东堤"
        section = "环保"
        [[section]]
        article = "这句话哪里也没有"
        section = "民生"
        """,
    )
    layout, applied = correct_page(Page(FRONT), said)
    assert applied == {0, 1, 2, 3}
    assert [article.lines for article in layout.articles] == [((1, 4),), ((5, 5),), ((7, 9),)]
    birds = layout.articles[-1]
    assert (birds.headline, birds.kind, birds.section) == ("候鸟来了", "brief", "环保")
    (stale,) = said.stale(applied)
    assert "这句话哪里也没有" in stale
    # Other lines above, the same words: it still finds its place.
    moved, applied = correct_page(Page(("栖川日报 2024年7月10日 星期三", "", *FRONT)), said)
    assert applied == {0, 1, 2, 3}
    assert [article.lines for article in moved.articles] == [((3, 6),), ((7, 7),), ((9, 11),)]


def test_a_correction_holds_only_where_it_is_meant(tmp_path):
    said = corrections(
        tmp_path,
        '[[kind]]\narticle = "观鸟点设在东堤"\nkind = "brief"\ndate = "2024-07-11"\npage = 1\n',
    )
    for date, number, applies in (
        ("2024-07-11", 1, True),
        ("2024-07-10", 1, False),
        ("2024-07-11", 2, False),
    ):
        layout, applied = correct_page(Page(FRONT, date=date, number=number), said)
        assert (layout.articles[-1].kind == "brief", applied) == (
            applies,
            {0} if applies else set(),
        )


def test_merges_of_neighbours_and_of_others(tmp_path):
    neighbours = corrections(
        tmp_path,
        '[[merge]]\nfirst = "石门镇六小时降雨二百三十七毫米，七个村"\n'
        'second = "本报讯（记者 顾晓岚）"\n',
    )
    layout, applied = correct_page(Page(FRONT), neighbours)
    assert applied == {0}
    assert [article.lines for article in layout.articles] == [((1, 9),)]
    page = Page((*FRONT, "", *BACK[7:]))
    others = corrections(
        tmp_path,
        '[[merge]]\nfirst = "石门镇六小时降雨二百三十七毫米，七个村"\n'
        'second = "第一万台减速器昨日下线"\n',
    )
    layout, applied = correct_page(page, others)
    assert applied == {0}
    assert [article.lines for article in layout.articles] == [((1, 5), (11, 13)), ((7, 9),)]


def test_a_corrections_file_with_mistakes_is_refused(tmp_path):
    with pytest.raises(InputError) as caught:
        corrections(
            tmp_path,
            '[[kind]]\narticle = "观鸟点设在东堤"\nkind = "story"\n[[cutt]]\nbefore = "一二三四"\n',
        )
    assert "corrections.toml:3: kind[0].kind" in str(caught.value)
    assert "cutt: unknown key; allowed here: merge, cut, headline, kind, section" in str(
        caught.value
    )
    with pytest.raises(InputError, match="环境"):
        corrections(tmp_path, '[[section]]\narticle = "观鸟点设在东堤"\nsection = "环境"\n')


def test_the_command_says_what_it_found(archive, tmp_path):
    output = tmp_path / "a.jsonl"
    (tmp_path / "c.toml").write_text(
        '[[kind]]\narticle = "这句话哪里也没有"\nkind = "brief"\n', "utf-8"
    )
    command = [
        sys.executable,
        "-m",
        "research",
        "split",
        str(archive),
        "-o",
        str(output),
        "--corrections",
        str(tmp_path / "c.toml"),
    ]
    ran = subprocess.run(
        command,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert ran.returncode == 0, ran.stderr
    assert "joined over pages    2" in ran.stdout
    assert ran.stderr.count("left out:") == 2
    assert "no longer applies:" in ran.stderr


def test_jumps_between_sections_keep_their_letters(tmp_path):
    day = tmp_path / "2024-07-18"
    back = "（上接A01版）石门镇六小时降雨二百三十七毫米，七个村进水。"
    other = "（上接B01版）观鸟点设在东堤，周末开放三处。"
    for name, lines in {
        "A01.txt": [
            "暴雨围困石门镇",
            "",
            "　　本报讯（记者 简宁）石门镇连夜转移群众，",
            "（下转B02版）",
        ],
        "B01.txt": [
            "候鸟飞回湿地",
            "",
            "　　本报讯（记者 孙震）湿地的候鸟来了三千只，",
            "（下转A02版）",
        ],
        "A02.txt": [other],
        "B02.txt": [back],
    }.items():
        day.mkdir(exist_ok=True)
        (day / name).write_text("\n".join(lines), "utf-8")
    output = tmp_path / "out.jsonl"
    summary = split_archive([tmp_path], output, n_jobs=1)
    rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [(row["id"], row["page_names"], row["sources"]) for row in rows] == [
        ("2024-07-18/A01-01", ["A01", "B02"], ["2024-07-18/A01.txt", "2024-07-18/B02.txt"]),
        ("2024-07-18/B01-01", ["B01", "A02"], ["2024-07-18/B01.txt", "2024-07-18/A02.txt"]),
    ]
    assert summary.joined == 2
    first, _ = read_corpus(output)
    assert (first.pages, first.page_names) == ((1, 2), ("A01", "B02"))
