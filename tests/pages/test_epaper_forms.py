"""Forms of e-papers beside the classic one; file names that mirrors make; what is missing."""

import json
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from research import InputError, read_issue
from research.pages.archive import split_archive

BODY = "<p>　　石门镇的渡口昨日通航。</p><p>　　每日开船二十班。</p>"
TEXT = ("石门镇的渡口昨日通航。", "每日开船二十班。")


def write(folder, files, encoding="utf-8"):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
    return folder


def page(links, areas=(), listed="", tail="", box=""):
    """A page file: its list of articles, its image map; *box* is a table of other pages' ones."""
    anchors = "".join(f'<li><a href="{link}">{text}</a></li>' for link, text in links)
    mapped = "".join(f'<area coords="{coords}" href="{link}">' for link, coords in areas)
    return (
        f"<html><head><title>栖川日报</title></head><body>{listed}<table>{box}</table>"
        f"<ul>{anchors}</ul><map name=PagePicMap>{mapped}</map></body></html>{tail}"
    )


def classic(title, body=BODY, name="", id_=""):
    fields = f"<articleid>{id_}</articleid><title>{title}</title><nodename>{name}</nodename>"
    return (
        f"<html><head><title>栖川日报</title></head><body><!--enpproperty {fields}/enpproperty-->"
        f"<div id=ozoom><!--enpcontent-->{body}<!--/enpcontent--></div></body></html>"
    )


LISTED = "<a href=node_2.htm>第01版：要闻</a><a href=node_3.htm>A02： 民生</a>"


def titles(issue):
    return [(page.number, [article.headline for article in page.articles]) for page in issue.pages]


def same(issue):
    assert issue.problems == ()
    return [(a.headline, a.intro_title, a.subtitle, a.byline, a.paragraphs) for a in issue.articles]


# Names that mirrors make

QUERIES = (
    "",
    "?div=-1",
    "%3Fdiv=-1",
    "@div=-1",
    "_div=-1",
    "？div=-1",
    "%3Fdiv%3D-1",
    "%253Fdiv=-1",
)
SPELLINGS = st.tuples(
    st.sampled_from([".htm", ".html", ".HTM"]),
    st.sampled_from([*QUERIES, "#div=-1", "!div=-1", "div=-1", "-div-1", " (1)", "?a=1&b=/x/y"]),
    st.sampled_from(["", ".html", ".htm"]),
)


def spelled(stem, spelling):
    ending, query, second = spelling
    return (stem + ending + query + second).replace("/", "_")


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.lists(SPELLINGS, min_size=4, max_size=4), links=st.lists(SPELLINGS, min_size=2))
def test_the_same_articles_come_out_of_any_file_names(tmp_path_factory, names, links):
    folder = tmp_path_factory.mktemp("issue") / "html/2024-03/05"
    linked = [(f"./content_{n}{''.join(links[n % 2])}", "题") for n in (1, 2)]
    files = {
        spelled("node_2", names[0]): page(linked),
        spelled("content_1", names[1]): classic("渡口通航"),
        spelled("content_2", names[2]): classic("茶市开秤"),
        "content_2.htm?div=0": classic("茶市开秤"),
    }
    issue = read_issue(write(folder, files))
    assert [article.headline for article in issue.articles] == ["渡口通航", "茶市开秤"]
    assert issue.problems == ()


@pytest.mark.parametrize(
    "name",
    [
        "content_1_div_-1.htm",
        "content_1.htm;div=-1",
        "content_1?div=-1.htm",
        "content_1@div=-1.html",
        "content_1 - 副本.htm",
        "content_1.htm.1",
    ],
)
def test_more_names_of_one_article(tmp_path, name):
    folder = tmp_path / "2024-03/05"
    write(folder, {"node_2.htm": page([("content_1.htm?div=-1", "题")]), name: classic("渡口通航")})
    assert [a.id for a in read_issue(folder).articles] == ["1"]


def test_a_copy_without_body_does_not_replace_the_article(tmp_path):
    files = {
        "node_2.htm": page([("content_1.htm?div=-1", "题")]),
        "content_1.htm": classic("渡口通航", ""),
        "content_1.htm?div=-1": classic("渡口通航"),
    }
    assert read_issue(write(tmp_path, files)).articles[0].paragraphs == TEXT


def test_two_names_with_one_number_of_the_paper_are_one_article(tmp_path):
    files = {
        "node_2.htm": page([("content_1cf2a.htm", "题"), ("content_1.htm", "题")]),
        "content_1.htm": classic("渡口通航", id_="1"),
        "content_1cf2a.htm": classic("渡口通航", id_="1"),
    }
    assert len(read_issue(write(tmp_path, files)).articles) == 1


# Which page an article is on


@pytest.mark.parametrize("held_by", ["map", "field", "list"])
def test_a_box_on_the_front_page_takes_no_articles_of_other_pages(tmp_path, held_by):
    box = "<tr><td><a href=content_3.htm>导读：茶市</a></td></tr>"
    areas = [("content_3.htm", "0,0,9,0,9,9,0,9")] if held_by == "map" else []
    name = "民生" if held_by == "field" else ""
    own = [("content_3.htm", "茶市开秤"), ("content_4.htm", "新校落成")]
    files = {
        "node_2.htm": page([("content_1.htm", "题"), ("content_2.htm", "题")], (), LISTED, "", box),
        "node_3.htm": page(own, areas, LISTED),
        "content_1.htm": classic("渡口通航"),
        "content_2.htm": classic("路灯修好"),
        "content_3.htm": classic("茶市开秤", name=name),
        "content_4.htm": classic("新校落成"),
    }
    issue = read_issue(write(tmp_path / "2024-03/05", files))
    assert titles(issue) == [(1, ["渡口通航", "路灯修好"]), (2, ["茶市开秤", "新校落成"])]
    assert [(p.label, p.name) for p in issue.pages] == [("01", "要闻"), ("A02", "民生")]
    assert issue.articles[2].boxes == (((0, 0, 9, 9),) if held_by == "map" else ())


@pytest.mark.parametrize(
    "shown", ["A02： 民生", "A02 民生", "第A02版 民生", "民生（A02）", "[A02]民生"]
)
def test_lists_of_pages(tmp_path, shown):
    files = {
        "node_3.htm": page([("content_1.htm", "题")], (), f"<a href=node_3.htm>{shown}</a>"),
        "content_1.htm": classic("渡口通航"),
    }
    (only,) = read_issue(write(tmp_path, files)).pages
    assert (only.label, only.number, only.name) == ("A02", 2, "民生")


def test_page_number_and_date_of_a_trailing_comment(tmp_path):
    tail = "<!-- <founder-pagenum>A01</founder-pagenum><founder-date>2024-03-05</founder-date> -->"
    files = {
        "node_2.htm": page([("content_1.htm", "题")], tail=tail),
        "content_1.htm": classic("渡口通航"),
    }
    issue = read_issue(write(tmp_path / "saved", files))
    assert (issue.date, issue.pages[0].label, issue.articles[0].date) == (
        "2024-03-05",
        "A01",
        "2024-03-05",
    )


# Bodies and fields


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>渡口通航</h1><div class=contnt>{BODY}</div>",
        f"<h1>渡口通航</h1><div class='newsdetatext'>{BODY}</div>",
        f"<h3 id=Title>渡口通航</h3><div id=ozoom>{BODY}</div>",
        f"<h2 id=Title>渡口通航</h2><div id=articleContent>{BODY}</div>",
        f"<h1>渡口通航</h1><founder-content>{BODY}</founder-content>",
        f"<h1>渡口通航</h1><div id=ozoom>{BODY}</div><!--<founder-title>别的</founder-title>"
        "<founder-content><p>别的稿件。</p></founder-content>-->",
        f"<!--<founder-title>渡口通航</founder-title><founder-content>{BODY}</founder-content>-->",
    ],
)
def test_bodies_of_newer_templates(tmp_path, body):
    article = f"<html><head><title>栖川日报</title></head><body>{body}</body></html>"
    files = {"node_2.htm": page([("content_1.htm", "渡口通航")]), "content_1.htm": article}
    (article,) = read_issue(write(tmp_path / "2024-03/05", files)).articles
    assert (article.headline, article.paragraphs) == ("渡口通航", TEXT)


def test_deck_beside_the_headline_and_the_headline_of_the_link(tmp_path):
    parts = "<p id=PreTitle>历时三年</p><h3 id=Title>渡口通航</h3><p id=SubTitle>每日二十班</p>"
    untitled = "<html><head><title>栖川日报</title></head><body>{}<div id=ozoom>{}</div></body>"
    files = {
        "node_2.htm": page([("content_1.htm", "渡口"), ("content_2.htm", "茶市开秤")]),
        "content_1.htm": untitled.format(parts, BODY),
        "content_2.htm": untitled.format("", BODY),
    }
    ferry, tea = read_issue(write(tmp_path, files)).articles
    assert (ferry.headline, ferry.intro_title, ferry.subtitle) == (
        "渡口通航",
        "历时三年",
        "每日二十班",
    )
    assert tea.headline == "茶市开秤"


# The other forms, one fixture each

WHOLE = [("渡口通航", "历时三年", "每日二十班", "方亦舟", TEXT)]


def nbs():
    article = (
        "<html><head><title>栖川日报</title></head><body><div><h3>历时三年</h3><h1>渡口通航</h1>"
        "<h2>每日二十班</h2><h4>方亦舟</h4></div>"
        "<div class=lai>《栖川日报》（2024年03月05日 01 版）</div>"
        f"<div id=ozoom>{BODY}</div></body></html>"
    )
    link = "nw.D654321qcrb_20240305_1-01.htm"
    listed = '<div id=pageList><a id=pageLink href="nbs.D654321qcrb_01.htm">第01版：要闻</a></div>'
    front = (
        f'<html><body>{listed}<img usemap="#PagePicMap" width=300 height=400>'
        f'<map name=PagePicMap><area coords="0,0,9,0,9,9,0,9" href="{link}"></map><ul id=titleList>'
        f'<li><a href={link}><script>document.write(view("渡口<br>通航  "))</script></a></li></ul>'
    )
    return {
        "html/2024-03/05/nbs.D654321qcrb_01.htm": front,
        f"html/2024-03/05/{link}?div=-1": article,
    }


def layout():
    article = (
        "<html><head><title>栖川日报</title></head><body><div class=article><h3>历时三年</h3>"
        "<h1>渡口通航</h1><h2>每日二十班</h2><p class=sec>方亦舟"
        "<span>《栖川日报》（2024年03月05日 第 01 版）</span></p>"
        f"<div id=ozoom>{BODY}</div></div></body></html>"
    )
    front = page(
        [("../../../content/202403/05/content_7.html", "渡口通航")],
        [("../../../content/202403/05/content_7.html", "0,0,9,0,9,9,0,9")],
        "<a href=node_01.html>01版：要闻</a>",
    )
    return {
        "pc/layout/202403/05/node_01.html": front,
        "pc/content/202403/05/content_7.html": article,
    }


def json_form():
    listed = {"id": 71, "title": "渡口通航", "introtitle": "历时三年", "points": "0,0;9,0;9,9;0,9"}
    front = {"pnumber": "01", "pname": "要闻", "jdate": "2024-03-05", "width": 300, "height": 400}
    article = {"title": "渡口通航", "subtitle": "每日二十班", "author": "方亦舟"}
    article["content"] = "　　石门镇的渡口昨日通航。<br/>　　每日开船二十班。"
    navi = {"pages": [front | {"articleList": [listed]}]}
    return {
        "20240305/navi.json": json.dumps(navi, ensure_ascii=False),
        "20240305/01/article/71.json": json.dumps({"article": article}, ensure_ascii=False),
    }


def shtml():
    article = (
        '<html><head><meta charset="gb2312"><title>栖川日报</title></head><body>'
        "<div id=frameContent><p id=PreTitle>历时三年</p><h3>渡口通航</h3>"
        "<p id=SubTitle>每日二十班</p><h4>方亦舟</h4>"
        "<p>　　石门镇的渡口昨日通航。<br>　　每日开船二十班。</p></div></body></html>"
    )
    front = page(
        [("32101.shtml", "渡口通航")],
        [("32101.shtml", "0,0,9,0,9,9,0,9")],
        "<a href=v01.shtml>第01版：要闻</a>",
    )
    folder = "shtml/qcrb/20240305"
    return {
        f"{folder}/v01.shtml": front,
        f"{folder}/index.shtml": front,
        f"{folder}/32101.shtml": article,
    }


def svg():
    article = (
        "<html><head><title>栖川日报</title></head><body><p id=PreTitle>历时三年</p><h1>渡口通航</h1>"
        f"<p id=SubTitle>每日二十班</p><h4>方亦舟</h4><div class=content>{BODY}</div></body></html>"
    )
    front = (
        "<html><head><title>栖川日报 第01版：要闻</title></head><body><svg>"
        '<polygon class="area" points="0,0 9,0 9,9 0,9" title="渡口通航" data-pageid="8801" '
        'data-contentid="99"></polygon></svg></body></html>'
    )
    return {"202403/05/page-8801.html": front, "202403/05/con-99.html": article}


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (nbs(), "Founder nbs/nw"),
        (layout(), "Founder"),
        (json_form(), "JSON"),
        (shtml(), "shtml"),
        (svg(), "SVG"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_each_form_gives_all_fields(tmp_path, files, name, encoding):
    issue = read_issue(write(tmp_path, files, encoding))
    assert same(issue) == WHOLE
    assert (issue.form, issue.date) == (name, "2024-03-05")
    assert [(p.label, p.name) for p in issue.pages] == [("01", "要闻")]
    (article,) = issue.articles
    assert (article.pages, article.boxes) == ((1,), ((0, 0, 9, 9),))
    summary = split_archive([tmp_path], tmp_path / "out.jsonl", n_jobs=1)
    assert (summary.forms, summary.issues) == ({name: 1}, 1)


# Items that are no articles


def test_editors_advertisements_and_pictures_are_no_articles(tmp_path):
    bodies = {
        "本版责编": "<p>本版责编：方亦舟 顾晓岚</p>",
        "责编": "<p>本版责编：方亦舟　顾 晓</p><p>版式设计：林满</p>",
        "本版责编：方亦舟": "",
        "广 告": "<p><img src=a.jpg></p>",
        "广告": "",
        "渡口一景": "<p><img src=a.jpg></p>",
        "图片新闻": "<p><img src=a.jpg></p><p>昨日，石门镇渡口通航。</p><p>本报记者 方亦舟 摄</p>",
        "渡口通航": BODY + "<p>责任编辑：方亦舟 校对：林 满</p>",
    }
    links = [(f"content_{n}.htm", title) for n, title in enumerate(bodies)]
    files = {"node_2.htm": page(links)}
    files |= {f"content_{n}.htm": classic(*item) for n, item in enumerate(bodies.items())}
    issue = read_issue(write(tmp_path, files))
    assert [a.kind for a in issue.articles] == [
        *["notice"] * 5,
        *["caption"] * 2,
        "article",
    ]
    assert issue.articles[6].byline == "本报记者 方亦舟 摄"
    assert issue.articles[7].paragraphs == TEXT
    assert (issue.aside, issue.problems) == ({"editors": 1}, ())


def test_a_picture_without_words_is_counted_and_a_bare_byline_is_no_body(tmp_path):
    files = {
        "node_2.htm": page([(f"content_{n}.htm", "") for n in (1, 2, 3)]),
        "content_1.htm": classic("渡口通航"),
        "content_2.htm": classic("", "<p><img src=a.jpg></p>"),
        "content_3.htm": classic("茶市开秤", "<p>本报讯（记者 方亦舟）</p>"),
    }
    files["content_2.htm"] = files["content_2.htm"].replace("<title>栖川日报</title>", "")
    folder = write(tmp_path, files)
    issue = read_issue(folder)
    assert (len(issue.articles), issue.aside) == (1, {"picture without words": 1})
    assert issue.problems == (f"{folder / 'content_3.htm'}: body of “茶市开秤” not found",)


@pytest.mark.parametrize(
    "line",
    [
        "本版责编：方亦舟",
        "责任编辑 顾晓岚",
        "本版编辑：方亦舟 美编：顾晓岚",
        "■责编/方亦舟 版式/林满",
        "（责任编辑：方亦舟）",
        "本版责编方亦舟",
        "策划：方亦舟 制图：林 满",
        "见习编辑：林满 E-mail:paper@example.com",
    ],
)
def test_lines_of_editors(tmp_path, line):
    files = {
        "node_2.htm": page([("content_1.htm", "题")]),
        "content_1.htm": classic("渡口通航", BODY + f"<p>{line}</p>"),
    }
    assert read_issue(write(tmp_path, files)).articles[0].paragraphs == TEXT


# What is missing


def test_missing_bodies_pages_and_files_are_named(tmp_path):
    footer = (
        "<a href=http://news.example.org/2024-03/05/content_8.htm>别的网站</a>"
        "<a href=../../2024-03/04/content_9.htm>上一期</a>"
        "<a href=http://paper.example.com/html/2024-03/05/content_6.htm>未存</a>"
    )
    links = [(f"content_{n}.htm", f"题{n}") for n in (1, 2, 3)]
    links.append(("http://paper.example.com/html/2024-03/05/content_1.htm", "题1"))
    files = {
        "node_2.htm": page(links, listed=LISTED, tail=footer),
        "node_3.htm": page([], listed=LISTED),
        "content_1.htm": classic("渡口通航"),
        "content_2.htm": classic("茶市开秤", ""),
    }
    folder = write(tmp_path / "html/2024-03/05", files)
    problems = [problem.removeprefix(f"{folder}/") for problem in read_issue(folder).problems]
    assert problems == [
        "content_2.htm: body of “茶市开秤” not found",
        "node_2.htm: links to content_3, which is missing",
        "node_2.htm: links to content_6, which is missing",
        "node_3.htm: a page, but no article found on it",
    ]


def test_a_logo_in_the_place_of_the_headline_is_none(tmp_path):
    article = (
        "<html><head><title>栖川日报</title></head><body><h1>栖川日报</h1>"
        f"<img src=../pic/logo.gif><div id=ozoom>{BODY}</div></body></html>"
    )
    links = [(f"content_{n}.htm", f"题{n}") for n in range(3)]
    files = {"node_2.htm": page(links)} | dict.fromkeys((link for link, _ in links), article)
    issue = read_issue(write(tmp_path, files))
    assert [a.headline for a in issue.articles] == ["题0", "题1", "题2"]


def test_an_unknown_template_is_named_though_it_has_pictures(tmp_path):
    unknown = "<h1>茶市开秤</h1><img src=../pic/logo.gif><section>一百斤茶。</section>"
    files = {
        "node_2.htm": page([("content_1.htm", "题"), ("content_2.htm", "题")]),
        "content_1.htm": classic("渡口通航"),
        "content_2.htm": unknown,
    }
    (problem,) = read_issue(write(tmp_path, files)).problems
    assert problem.endswith("content_2.htm: body of “茶市开秤” not found")


def test_the_command_ends_with_2_where_pages_have_no_article(tmp_path):
    folder = write(tmp_path / "2024-03/05", {"node_2.htm": page([("content_1.htm", "题")])})
    command = [sys.executable, "-m", "research", "split", str(folder), "-o"]
    command.append(str(tmp_path / "out.jsonl"))
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert (ended.returncode, "no article read" in ended.stderr) == (2, True)
    (folder / "content_1.htm").write_text(classic("渡口通航"), "utf-8")
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert (ended.returncode, "1 Founder" in ended.stdout) == (0, True)


def test_pages_without_any_article_are_an_error(tmp_path):
    folder = write(tmp_path / "2024-03/05", {"node_2.htm": page([("content_1.htm", "题")])})
    with pytest.raises(InputError, match=r"no article read from 1 page files(.|\n)*content_1"):
        read_issue(folder)
    with pytest.raises(InputError, match="no article read"):
        split_archive([tmp_path], tmp_path / "out.jsonl", n_jobs=1)


# Bylines in bodies


@pytest.mark.parametrize(
    ("first", "byline"),
    [
        ("本报记者 王建国 通讯员 李晓梅", "本报记者 王建国 通讯员 李晓梅"),
        ("□本报记者 王建国", "本报记者 王建国"),
        ("栖川日报记者 王建国 李 梅", "栖川日报记者 王建国 李 梅"),
        ("栖川融媒体记者 王建国 文/图", "栖川融媒体记者 王建国 文/图"),
        ("本报记者 王建国 摄影报道", "本报记者 王建国 摄影报道"),
        ("特约通讯员 王建国 摄影报道", "特约通讯员 王建国 摄影报道"),
        ("（本报首席记者 王建国 实习生 李晓梅）", "本报首席记者 王建国 实习生 李晓梅"),
        ("记者：王建国、李晓梅", "记者：王建国、李晓梅"),
        ("文/图 本报记者 王建国", "文/图 本报记者 王建国"),
        ("见习记者 孙 震 摄", "见习记者 孙 震 摄"),
        ("通讯员 王建国 本报记者 李晓梅", "通讯员 王建国 本报记者 李晓梅"),
    ],
)
def test_a_line_of_names_is_the_byline(tmp_path, first, byline):
    for body in (f"<p>{first}</p>{BODY}", f"{BODY}<p>{first}</p>"):
        files = {
            "node_2.htm": page([("content_1.htm", "题")]),
            "content_1.htm": classic("渡口通航", body),
        }
        (article,) = read_issue(write(tmp_path, files)).articles
        assert (article.byline, article.paragraphs) == (byline, TEXT)


@pytest.mark.parametrize(
    "lead",
    [
        "栖川日报石门7月18日讯（全媒体记者 王建国 通讯员 李晓梅）",
        "栖川晚报7月18日讯（记者 王建国）",
        "本报石门7月18日电（记者 王建国）",
        "栖川日报讯（记者 王建国）",
        "石门网柏岭县18日消息（见习记者 王建国）",
        "本报记者王建国报道：",
        "本报讯 记者王建国、通讯员李晓梅报道：",
        "（栖川日报记者 王建国）",
        "（全媒体记者 王建国 通讯员 李晓梅）",
        "栖川日报记者 王建国 通讯员 李晓梅报道：",
    ],
)
def test_a_news_lead_is_the_byline(tmp_path, lead):
    body = BODY.replace("　　", f"　　{lead}", 1)
    files = {
        "node_2.htm": page([("content_1.htm", "题")]),
        "content_1.htm": classic("渡口通航", body),
    }
    (article,) = read_issue(write(tmp_path, files)).articles
    assert (article.byline, article.paragraphs) == (
        lead.strip("：（）") if lead[0] == "（" else lead.strip("："),
        TEXT,
    )


@pytest.mark.parametrize(
    "text", ["记者手记", "记者走基层看变化", "统筹 城乡一体发展", "设计：让渡口更美"]
)
def test_subheads_are_no_bylines(tmp_path, text):
    files = {
        "node_2.htm": page([("content_1.htm", "题")]),
        "content_1.htm": classic("渡口通航", f"<p>{text}</p>{BODY}"),
    }
    assert read_issue(write(tmp_path, files)).articles[0].paragraphs[0].startswith(text[:2])


# Hostile files


JUNK = (
    "<!--",
    "<p",
    "<p ",
    "<",
    "<!--enpproperty",
    "<!--enpcontent-->",
    "<!--<founder-content>",
    "<founder-content ",
    "<founder-title>",
    "<h1>",
    "<a href=content_1.htm ",
    "<a href=content_1.htm>",
    "<area href=content_1.htm coords=1,2,3,4>",
    "&nbsp",
    "（",
    "《",
    "记者 ",
    "本报记者王建国、",
    "第",
    "1",
    "a=",
)


def read_with(folder, junk, size):
    """Read an issue with *size* characters of junk in three places; return the seconds it took."""
    tail = junk * (size // len(junk))
    files = {
        "node_2.htm": page([("content_1.htm", "题")], tail=tail),
        "content_1.htm": classic("渡口通航") + tail,
        "content_2.htm": classic("茶市开秤", f"<p>{tail}</p>{BODY}"),
        "content_3.htm": tail,
    }
    write(folder, files)
    begun = time.process_time()
    assert read_issue(folder).articles[0].headline == "渡口通航"
    return time.process_time() - begun


@pytest.mark.parametrize("junk", JUNK)
def test_time_grows_with_the_size_only(tmp_path, junk):
    shorter = read_with(tmp_path / "shorter", junk, 125_000)
    longer = read_with(tmp_path / "longer", junk, 1_000_000)
    assert longer < 24 * max(shorter, 0.05)  # 8 times the size; 64 times were quadratic.


@pytest.mark.parametrize("tag", ["<div>", "<span>", "<b>", "<table>"])
def test_a_file_of_tags_that_never_close_is_named(tmp_path, tag):
    files = {
        "node_2.htm": page([("content_1.htm", "题"), ("content_2.htm", "题")]),
        "content_1.htm": classic("渡口通航"),
        "content_2.htm": tag * 200_000,
    }
    (problem,) = read_issue(write(tmp_path, files)).problems
    assert "content_2.htm: 200,000 tags are open at once" in problem


@pytest.mark.parametrize(
    ("byline", "rest"),
    [
        ("本报记者 王建国", "7月18日，渡口通航。"),
        ("本报记者 孙 震", "近日，渡口通航。"),
        ("记者 王建国 通讯员 李晓梅", "石门镇的渡口通航。"),
        ("新华社记者 王建国、李晓梅", "7月18日电 渡口通航。"),
        ("□本报记者 王建国", "渡口通航。"),
    ],
)
def test_roles_and_names_at_the_head_of_a_paragraph_are_the_byline(tmp_path, byline, rest):
    body = f"<p>　　{byline} {rest}</p><p>每日开船。</p>"
    files = {"node_2.htm": page([("content_1.htm", "题")]), "content_1.htm": classic("通航", body)}
    (article,) = read_issue(write(tmp_path, files)).articles
    assert (article.byline, article.paragraphs) == (byline.strip("□"), (rest, "每日开船。"))


@pytest.mark.parametrize("names", ["王建国", "王建国 李晓梅", "孙 震", "欧阳建国、李梅"])
def test_names_without_roles_are_the_byline(tmp_path, names):
    files = {
        "node_2.htm": page([("content_1.htm", "题")]),
        "content_1.htm": classic("渡口通航", f"<p>{names}</p>{BODY}"),
    }
    (article,) = read_issue(write(tmp_path, files)).articles
    assert (article.byline, article.paragraphs) == (names, TEXT)


@pytest.mark.parametrize(
    "text",
    ["记者 从市政府获悉，渡口通航。", "记者 王建国 从市政府获悉，渡口通航。", "高质量", "安全感", "文化",
     "记者 采访 发现，渡口通航。", "王建国 是船工。", "通讯员队伍 建设 有序推进。"],
)  # fmt: skip
def test_text_that_begins_like_a_byline_stays(tmp_path, text):
    files = {
        "node_2.htm": page([("content_1.htm", "题")]),
        "content_1.htm": classic("渡口通航", f"<p>{text}</p>{BODY}"),
    }
    (article,) = read_issue(write(tmp_path, files)).articles
    assert (article.byline, article.paragraphs) == ("", (text, *TEXT))


def test_an_article_that_only_a_box_of_the_front_page_links_to_is_on_its_own_page(tmp_path):
    named = classic("药店夜间营业").replace(
        "<title>药店", "<founder-pagenum>05</founder-pagenum><title>药店", 1
    )
    files = {
        "node_2.htm": page([("content_1.htm", "通航"), ("content_2.htm", "药店")], listed=LISTED),
        "node_3.htm": page([("content_3.htm", "放水")], listed=LISTED),
        "content_1.htm": classic("渡口通航", name="要闻"),
        "content_2.htm": named,
        "content_3.htm": classic("新渠放水", name="民生"),
    }
    issue = read_issue(write(tmp_path, files))
    assert titles(issue) == [(1, ["渡口通航"]), (2, ["新渠放水"]), (5, ["药店夜间营业"])]
    assert (
        len(issue.problems) == 1
        and "content_2.htm: says 第05版, which is missing" in issue.problems[0]
    )


def test_pages_of_two_sections_keep_their_letters(tmp_path):
    listed = "<a href=node_2.htm>A01版：要闻</a><a href=node_3.htm>B01版：民生</a>"
    files = {
        "2024-03/05/node_2.htm": page([("content_1.htm", "通航")], listed=listed),
        "2024-03/05/node_3.htm": page([("content_2.htm", "放水")], listed=listed),
        "2024-03/05/content_1.htm": classic("渡口通航"),
        "2024-03/05/content_2.htm": classic("新渠放水"),
    }
    write(tmp_path, files)
    split_archive([tmp_path], tmp_path / "out.jsonl", n_jobs=1)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [(row["id"], row["page_names"], row["sources"]) for row in rows] == [
        ("2024-03/05/A01-01", ["A01"], ["node_2.htm"]),
        ("2024-03/05/B01-01", ["B01"], ["node_3.htm"]),
    ]


def test_a_changed_article_beside_the_pages_folder_is_read_again(tmp_path):
    from research.pages.archive import _fingerprint, _Settings
    from research.pages.corrections import Corrections
    from research.pages.issues import issues_below

    files = {
        "pc/layout/202403/05/node_01.html": page(
            [("../../../content/202403/05/content_1.html", "通航")]
        ),
        "pc/content/202403/05/content_1.html": classic("渡口通航"),
    }
    write(tmp_path, files)
    (issue,) = issues_below([tmp_path], tmp_path / "out.jsonl")
    settings = _Settings(Corrections(), None)
    before = _fingerprint(issue, settings)
    write(tmp_path, {"pc/content/202403/05/content_1.html": classic("渡口昨日通航")})
    assert _fingerprint(issue, settings) != before
