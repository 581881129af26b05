"""Saved e-paper folders in the editions that there are; what is missing or broken in them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from research import InputError, read_issue

OZOOM = (
    '<html><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body><div id="ozoom">{body}</div></body></html>'
)


def node(pages, links, areas=(), charset="utf-8", link=".", own=""):
    """One page of the system: its list of pages, its articles, its image map."""
    listed = "".join(
        f'<a href="{link}/{file}" id=pageLink class="rigth_bmdh_href">{name}</a>'
        for file, name in pages
    )
    anchors = "".join(
        f'<li><a href="{target}"><div>{text}</div></a></li>' for target, text in links
    )
    mapped = "".join(
        f'<area coords="{coords}" shape="polygon" href="{target}">' for target, coords in areas
    )
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"<title>栖川日报 {own}</title></head>"
        f'<body><a href="../../../page/1/2024-03/05/01/page.pdf">PDF</a>{listed}<ul>{anchors}</ul>'
        f'<img usemap="#PagePicMap" width="350" height="500">'
        f'<map name="PagePicMap">{mapped}</map></body></html>'
    )


def content(
    id_, title, body, author="", intro="", sub="", name="要闻", date="2024-03-05 08:12:00.0"
):
    """An article of the classic edition: fields in a comment, body between comments."""
    return (
        f"<html><head><title>{title}</title></head><body>"
        f"<!--enpproperty <articleid>{id_}</articleid><date>{date}</date><author>{author}</author>"
        f"<title>{title}</title><keyword>栖川</keyword><subtitle>{sub}</subtitle><introtitle>{intro}</introtitle>"
        f"<siteid>1</siteid><nodeid>2</nodeid><nodename>{name}</nodename> /enpproperty-->"
        f"<div><founder-content><!--enpcontent-->{body}<!--/enpcontent--></founder-content></div></body></html>"
    )


def write(folder, files, encoding="utf-8"):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
    return folder


PAGES = [("node_2.htm", "第 01 版：要闻"), ("node_3.htm", "第 02 版：综合&nbsp;新闻")]
BRIDGE = (
    "<P>　　望江大桥昨日合龙。</P>\r\n<P>　　全长一千二百米，\r\n双向六车道。</P>"
    "<!--<npm:article-content>--><P>&nbsp;</P>"
)


@pytest.fixture
def classic(tmp_path):
    """The commonest edition, UTF-8."""
    return write(
        tmp_path / "html/2024-03/05",
        {
            "node_2.htm": node(
                PAGES,
                [("content_11.htm", "望江大桥合龙"), ("./content_12.htm?div=-1", "柴市街改造")],
                [
                    ("content_11.htm", "10,20,200,20,200,90,10,90"),
                    ("content_12.htm", "10,100,120,100,120,300,10,300"),
                ],
            ),
            "node_3.htm": node(
                PAGES, [("http://paper.example.com/html/2024-03/05/content_13.htm", "讣告")]
            ),
            "content_11.htm": content(
                11, "望江大桥<br>合龙", BRIDGE, "周启明 顾晓岚", "历时三年", "年内通车"
            ),
            "content_12.htm": content(
                12,
                "柴市街改造",
                "<p>　　本报讯（记者 方亦舟）老街开工。</p><p>　　居民盼了十年。（下转02版）</p>",
            ),
            "content_13.htm": content(
                13,
                "柴市街改造",
                "<p>（上接01版）</p><p>　　一期先修下水道。<br>　　二期修路面。</p>",
                name="综合 新闻",
            ),
        },
    )


def test_the_classic_edition(classic):
    issue = read_issue(classic)
    assert (issue.date, issue.problems) == ("2024-03-05", ())
    assert [(page.label, page.number, page.name, page.box) for page in issue.pages] == [
        ("01", 1, "要闻", (0, 0, 350, 500)),
        ("02", 2, "综合 新闻", (0, 0, 350, 500)),
    ]
    bridge, street, rest = issue.articles
    assert (bridge.headline, bridge.intro_title, bridge.subtitle, bridge.byline) == (
        "望江大桥 合龙",
        "历时三年",
        "年内通车",
        "周启明 顾晓岚",
    )
    assert bridge.paragraphs == ("望江大桥昨日合龙。", "全长一千二百米，双向六车道。")
    assert (bridge.id, bridge.date, bridge.pages, bridge.boxes) == (
        "11",
        "2024-03-05",
        (1,),
        ((10, 20, 200, 90),),
    )
    assert (street.byline, street.paragraphs, street.jump_to) == (
        "本报讯（记者 方亦舟）",
        ("老街开工。", "居民盼了十年。"),
        2,
    )
    assert (rest.kind, rest.jump_from, rest.paragraphs) == (
        "continuation",
        1,
        ("一期先修下水道。", "二期修路面。"),
    )


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_an_edition_with_founder_tags(tmp_path, encoding):
    body = (
        "<founder-title>柏岭县\n抗旱保苗</founder-title><founder-author>林小满</founder-author>"
        "<founder-date>2016-10-31 09:28:27.0</founder-date>"
        "<founder-content><![CDATA[<P>　　柏岭县连续四十天无雨。</P>"
        "<P>　　县里打井二十一眼。</P>]]></founder-content>"
    )
    folder = write(
        tmp_path / "2016-10/31",
        {
            "node_1.html": node(
                [("node_1.html", "第A01版：头版")],
                [("/html/2016-10/31/content_7.html", "")],
                charset="gb2312",
            ),
            "content_7.html": body,
        },
        encoding,
    )
    (article,) = read_issue(folder).articles
    assert (article.headline, article.byline, article.date) == (
        "柏岭县 抗旱保苗",
        "林小满",
        "2016-10-31",
    )
    assert article.paragraphs == ("柏岭县连续四十天无雨。", "县里打井二十一眼。")
    assert read_issue(folder).pages[0].label == "A01"


def test_the_newer_edition_keeps_pages_and_articles_apart(tmp_path):
    write(
        tmp_path / "pc",
        {
            "layout/202403/05/node_01.html": node(
                [("node_01.html", "01版：要闻")],
                [("../../../con/202403/05/content_88.html", "白鹭湖观鸟")],
            ),
            "con/202403/05/content_88.html": OZOOM.format(
                title="白鹭湖观鸟",
                body="　　白鹭湖来了八百只候鸟。<br><br>"
                "　　观鸟点设在<b>东堤</b>。<script>x()</script>",
            ),
        },
    )
    for folder in (tmp_path / "pc", tmp_path / "pc/layout/202403/05"):
        issue = read_issue(folder)
        assert issue.date == "2024-03-05"
        assert [(a.headline, a.paragraphs) for a in issue.articles] == [
            ("白鹭湖观鸟", ("白鹭湖来了八百只候鸟。", "观鸟点设在东堤。"))
        ]


def test_missing_files_are_named_and_made_up_for(classic):
    (classic / "node_3.htm").unlink()
    (classic / "content_12.htm").unlink()
    (classic / "content_11.htm").write_bytes(b"")
    issue = read_issue(classic)
    assert [(page.number, [article.id for article in page.articles]) for page in issue.pages] == [
        (1, []),
        (2, ["13"]),
    ]
    said = "\n".join(issue.problems)
    assert "content_11.htm: empty" in said
    assert "content_12" in said
    assert (
        "node_3.htm: listed as 第02版 综合 新闻, but missing; 1 articles say they stand there"
        in said
    )


def test_articles_without_any_page_are_not_lost(classic):
    for path in classic.glob("node_*"):
        path.unlink()
    issue = read_issue(classic)
    assert sorted(article.id for article in issue.articles) == ["11", "12", "13"]
    assert [page.name for page in issue.pages] == ["要闻", "综合 新闻"]


def test_no_epaper_and_several_days_are_refused(classic, tmp_path):
    write(tmp_path / "html/2024-03/06", {"node_2.htm": node(PAGES, [])})
    with pytest.raises(InputError, match="holds 2 days"):
        read_issue(tmp_path / "html")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no node_"):
        read_issue(tmp_path / "empty")
    with pytest.raises(InputError, match="no such folder"):
        read_issue(tmp_path / "nowhere")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["node_2.htm", "node_3.htm", "content_11.htm", "content_13.htm"]),
    st.floats(0, 1),
    st.binary(max_size=8),
)
def test_a_damaged_file_never_costs_the_others(classic, name, share, junk):
    whole = (classic / name).read_bytes()
    cut = int(len(whole) * share)
    (classic / name).write_bytes(whole[:cut] + junk + whole[cut + 40 :])
    try:
        issue = read_issue(classic)
    finally:
        (classic / name).write_bytes(whole)
    left = {"11", "12", "13"} - {name.removeprefix("content_").removesuffix(".htm")}
    assert left <= {article.id for article in issue.articles}
