"""Pages of every shipped style against their gold; odd pages; the real page where it is."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from typing import get_args

import numpy as np
import pytest
from conftest import PROJECT
from hypothesis import given, settings
from hypothesis import strategies as st

from research import InputError, Page, layout_of, read_page, split_page
from research.pages.marks.spaces import tidy
from research.pages.split.evidence import OBSERVED
from research.pages.split.reasons import Language, sentences
from research.pages.split.reasons import catalogue as sentence_catalogue
from research.pages.split.states import GROUPS
from research.pages.split.weights import Provenance, provenance, write_weights

DATA = PROJECT / "data/pages"
# What is still read wrongly, and why; strict, so that a better splitter has to strike it here.
WRONG = {
    "2024-07-19/02.txt": "a headline's second line over a caption, no blank line between",
    "2024-07-19/03.txt": "two bodies run together where no blank line stands",
}
PAGES = {path.relative_to(DATA).as_posix(): path for path in sorted(DATA.rglob("*.txt"))}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path,
            id=name,
            marks=[pytest.mark.xfail(strict=True, reason=WRONG[name])] if name in WRONG else [],
        )
        for name, path in PAGES.items()
    ],
)
def test_shipped_pages_come_out_as_their_gold(path):
    gold = [
        json.loads(line) for line in path.with_suffix(".gold.jsonl").read_text("utf-8").splitlines()
    ]
    found = [article.to_json() for article in split_page(read_page(path))]
    keys = [key for key in gold[0] if key != "id"]
    assert [{key: row[key] for key in keys} for row in found] == [
        {key: row[key] for key in keys} for row in gold
    ]


def test_encoding_line_ends_and_date_are_found_and_stated(tmp_path):
    text = "本报讯 全市秋收进度过半。\n\n秋收过半\n"
    for encoding, newline in (
        ("utf-8", "\n"),
        ("utf-8-sig", "\r\n"),
        ("gb18030", "\r\n"),
        ("utf-16", "\n"),
        ("gb18030", "\r"),
    ):
        path = tmp_path / "a-2024-05-06.txt"
        path.write_bytes(text.replace("\n", newline).encode(encoding))
        page = read_page(path)
        assert (page.encoding, page.newline, page.date) == (encoding, newline, "2024-05-06")
        assert split_page(page)[0].headline == "秋收过半"


def test_date_is_taken_from_the_folio_line_but_not_from_the_text(tmp_path):
    folio = (
        "02 综合新闻 2023年11月28日 星期二 编辑：简宁",
        "标题在这里",
        "　　本报讯 2020年1月2日，文章说的是旧事。",
    )
    assert _write(tmp_path, "page.txt", folio).date == "2023-11-28"
    assert _write(tmp_path, "page.txt", folio[1:]).date is None


def _write(folder, name, lines):
    (folder / name).write_text("\n".join(lines), "utf-8")
    return read_page(folder / name)


def test_folio_lines_stay_out_of_the_articles():
    page = read_page(PROJECT / "data/pages/indented-2023-11-28.txt")
    texts = "".join(article.text + article.headline for article in split_page(page))
    assert "新闻热线" in page.lines[-2]
    assert "新闻热线" not in texts
    assert "编辑：" not in texts


def test_every_learned_weight_belongs_to_an_observation_that_is_made():
    with np.load(PROJECT / "research/pages/split/weights.npz") as stored:
        assert stored["observed"].tolist() == list(OBSERVED)
        assert stored["groups"].tolist() == list(GROUPS)
        assert stored["moves"].shape == (len(GROUPS), len(GROUPS))


def test_the_weights_say_what_they_were_learned_from():
    origin = provenance()
    assert set(origin.data) == {"xwlb.jsonl.gz", "rmrb-1998.jsonl.gz"}
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in origin.data.values())
    names = {"pages", "passes", "hidden", "batch", "rate", "decay", "warm", "dropped"}
    assert names <= set(origin.settings)
    assert set(origin.loss) == {"learned", "unseen"}
    assert {"python", "numpy", "research"} <= set(origin.versions)


def test_written_weights_keep_what_they_were_learned_from(tmp_path):
    path = tmp_path / "weights.npz"
    shapes = {"straight": (100, 14), "hidden": (400, 2), "out": (2, 14), "moves": (14, 14)}
    learned = {name: np.ones(shape, dtype=np.float32) for name, shape in shapes.items()}
    origin = Provenance(
        {"a.jsonl": "0" * 64}, {"pages": 5}, {"learned": 1.5, "unseen": None}, {"numpy": "2"}
    )
    write_weights(path, learned, origin)
    with path.open("rb") as file:
        assert provenance(file) == origin
    with np.load(path) as stored:
        assert stored["observed"].tolist() == list(OBSERVED)
        assert {name: stored[name].dtype for name in shapes} == dict.fromkeys(shapes, np.float16)


@pytest.mark.parametrize("language", get_args(Language))
def test_every_reason_has_a_sentence_in_every_language(language):
    catalogue = sentence_catalogue(language)
    assert list(catalogue) == [*OBSERVED, "set_larger"]
    assert all(sentence.strip() for sentence in catalogue.values())
    assert len(set(catalogue.values())) == len(catalogue)
    assert all(re.fullmatch("[a-z0-9_]+", reason) for reason in catalogue)


def test_reasons_become_sentences_and_old_sentences_stay():
    assert sentences(("news_lead", "set_larger"), "zh") == ("以电头开头", "字号比正文大")
    assert sentences(("news_lead", "an older sentence")) == (
        "opens with a news lead",
        "an older sentence",
    )


MIXED = (
    "A03版 民生",
    "2024年7月10日 星期三 责任编辑：简宁 美编：温岚",
    "",
    "编者按：老街怎么改，居民说了算。本报记者走访了柴市街，听他们讲十年里的变化，以飨读者。",
    "",
    "历时十年终开工",
    "柴市街改造先修下水道",
    "",
    "■本报记者 方亦舟 通讯员 石小川",
    "柴市街的下水道昨日开挖。望江区住建局把图",
    "纸贴在街口，居民可以提意见。",
    "",
    "先问居民再动工",
    "",
    "柴市街有居民二百一十户，街道办逐户问了两",
    "遍。老人怕吵，施工便避开午后；店家怕停，施",
    "工便分段围挡。（下转05版）",
    "",
    "7月9日，白鹭湖的荷花开了，游人沿着东堤慢走。",
    "本报记者 林小满 摄",
    "",
    "简讯",
    "",
    "本报讯（记者 周启明） 市图书馆暑期延长开放至二十一点。",
    "",
    "新华社北京7月9日电（记者 甲乙 丙丁）全国铁路昨日发送旅客一千四百万人次。",
    "",
    "停水通知",
    "",
    "因翠屏路供水管道改造，定于7月12日8时至20时停水，请用户提前储水。特此通知。",
    "",
    "新闻热线：0371-1234567 投稿邮箱：news@example.com",
)


def test_a_page_with_everything_on_it():
    layout = layout_of(Page(MIXED))
    assert [(entry.line, entry.reason) for entry in layout.aside] == [
        (1, "folio"),
        (2, "folio"),
        (22, "column name"),
        (32, "hot line"),
    ]
    assert [(article.kind, article.headline) for article in layout.articles] == [
        ("notice", ""),
        ("article", "历时十年终开工 柴市街改造先修下水道"),
        ("caption", ""),
        ("brief", ""),
        ("brief", ""),
        ("notice", "停水通知"),
    ]
    street, lotus = layout.articles[1], layout.articles[2]
    assert (street.byline, street.jump_to, street.paragraphs[1]) == (
        "本报记者 方亦舟 通讯员 石小川",
        5,
        "先问居民再动工",
    )
    assert (lotus.text, lotus.byline) == (
        "7月9日，白鹭湖的荷花开了，游人沿着东堤慢走。",
        "本报记者 林小满 摄",
    )
    assert [article.byline for article in layout.articles[3:5]] == [
        "本报讯（记者 周启明）",
        "新华社北京7月9日电（记者 甲乙 丙丁）",
    ]
    reasons = [reason for article in layout.articles for reason in article.reasons]
    assert all(article.reasons for article in layout.articles)
    assert set(reasons) <= set(OBSERVED)


@pytest.mark.parametrize(
    "lead",
    [
        "据新华社北京12月19日电 ",
        "本报望江3月5日讯（记者 甲乙）",
        "（本报记者 甲 乙）",
        "本报综合消息 ",
        "新华社日内瓦1月2日电（记者 甲乙、丙丁）",
    ],
)
def test_news_leads_become_bylines(lead):
    (article,) = split_page(
        Page(("白鹭湖水质达到三类标准", "", f"{lead}白鹭湖的水质昨日达到三类标准。"))
    )
    assert (article.headline, article.text) == (
        "白鹭湖水质达到三类标准",
        "白鹭湖的水质昨日达到三类标准。",
    )
    # The brackets of a name that stands alone are not part of it.
    assert re.sub(r"[ （）]", "", article.byline) == re.sub(r"[ （）]", "", lead)


@pytest.mark.parametrize(
    ("mark", "number"),
    [
        ("（上接01版）", 1),
        ("（上接第三版）", 3),
        ("(上接A12版)", 12),
        ("（紧接2版）", 2),
        ("上接04版", 4),
        ("（上接第十二版）", 12),
    ],
)
def test_every_form_of_a_jump_is_read(mark, number):
    (article,) = split_page(
        Page(("白鹭湖水质达到三类标准", "", mark, "白鹭湖的水质昨日达到三类标准。"))
    )
    assert (article.kind, article.jump_from, article.text) == (
        "continuation",
        number,
        "白鹭湖的水质昨日达到三类标准。",
    )
    out = mark.replace("上接", "下转").replace("紧接", "紧下转")
    (article,) = split_page(
        Page(("白鹭湖水质达到三类标准", "", f"本报讯 白鹭湖的水质昨日达到三类标准。{out}"))
    )
    assert (article.jump_to, article.text) == (number, "白鹭湖的水质昨日达到三类标准。")


def test_jump_marks_become_page_numbers():
    lines = (
        "（上接第三版）道路通车以后，两岸往来只要十分钟。",
        "",
        "两岸一家亲",
        "",
        "本报讯 渡口昨日停航。（下转A12版）",
        "",
        "渡口停航",
    )
    first, second = split_page(Page(lines))
    assert (first.kind, first.jump_from, first.text) == (
        "continuation",
        3,
        "道路通车以后，两岸往来只要十分钟。",
    )
    assert (second.jump_to, second.text, second.byline) == (12, "渡口昨日停航。", "本报讯")


@pytest.mark.parametrize(
    ("dumped", "meant"),
    [
        ("案件 496 件", "案件496件"),
        ("12月 5日上午", "12月5日上午"),
        ("（上海） 有限公司", "（上海）有限公司"),
        ("王 强 李晓明", "王 强 李晓明"),
        ("Open Day 活动", "Open Day 活动"),
        ("约 3.5 万人", "约3.5万人"),
    ],
)
def test_stray_spaces_go_and_meant_ones_stay(dumped, meant):
    assert tidy(dumped) == meant


def test_headline_order_is_found_from_the_page_itself():
    bodies = [
        ("本报讯（记者 甲）", f"市里第{n}座{thing}昨日开放，{thing}全年免费，市民凭身份证入内。")
        for n, thing in ((1, "图书馆"), (2, "体育馆"), (3, "美术馆"))
    ]
    heads = ["第一座图书馆开放", "第二座体育馆开放", "第三座美术馆开放"]
    before = [
        line
        for head, body in zip(heads, bodies, strict=True)
        for line in (head, "", "".join(body), "")
    ]
    after = [
        line
        for head, body in zip(heads, bodies, strict=True)
        for line in ("".join(body), "", head, "")
    ]
    for lines in (before, after):
        assert [article.headline for article in split_page(Page(tuple(lines)))] == heads


def _bare(text):
    return re.sub(r"[\s■□◆●▲◎◇○\ufeff]", "", text)


_piece = st.one_of(
    st.sampled_from([line for path in PAGES.values() for line in read_page(path).lines]),
    st.text(
        st.sampled_from("一二三，。、：“”（）《》 　12月日记者摄本报讯上接版■…—Aa\u2028\x0c"),
        max_size=24,
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_piece, min_size=1, max_size=60))
def test_no_line_is_lost_or_doubled_and_no_character_appears_from_nowhere(lines):
    layout = layout_of(Page(tuple(lines)))
    articles = layout.articles
    numbers = [
        n
        for article in articles
        for first, last in article.lines
        for n in range(first, last + 1)
        if _bare(lines[n - 1])
    ]
    numbers += [entry.line for entry in layout.aside if _bare(entry.text)]
    assert sorted(numbers) == [n for n, line in enumerate(lines, 1) if _bare(line)]
    assert all(0 <= article.confidence <= 1 for article in articles)
    for article in articles:
        source = Counter(
            _bare(
                "".join(
                    lines[n - 1] for first, last in article.lines for n in range(first, last + 1)
                )
            )
        )
        found = Counter(_bare(article.headline + article.byline + "".join(article.paragraphs)))
        assert not found - source
        if article.jump_from is None and article.jump_to is None:
            assert set((source - found).keys()) <= set("（()）【】▶")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        ("第一行\n第二\0行".encode(), ":2: a NUL byte"),
        (
            "測試這個編碼的頁面，內容為繁體中文，報紙新聞報導市議會決議。".encode("big5"),
            "name its encoding",
        ),
        (b"\xff\x81\x20\x30", "neither UTF-8 nor GB18030"),
        (("好" * 30_000).encode(), "no printed line"),
        (b"x" * 9_000_000, "no newspaper page"),
        (b"x\n" * 20_001, "20,002 lines are no newspaper page"),
    ],
)
def test_a_bad_page_is_one_clear_error_with_its_name(tmp_path, content, says):
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(says)) as caught:
        read_page(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_named_encoding_is_obeyed(tmp_path):
    path = tmp_path / "page.txt"
    path.write_bytes("市議會決議".encode("big5"))
    assert read_page(path, "big5").lines[0] == "市議會決議"


@pytest.mark.shared
def test_the_real_page(shared):
    page = read_page(shared / "pages" / "luohe-ribao-2023-12-20.txt")
    articles = split_page(page)
    spans = [
        (1, 34),
        (36, 61),
        (63, 91),
        (93, 126),
        (128, 154),
        (156, 233),
        (235, 262),
        (264, 376),
        (378, 386),
        (388, 391),
        (393, 416),
        (418, 522),
    ]
    assert [article.lines for article in articles] == [(span,) for span in spans]
    kinds = (
        ["article"] * 6 + ["continuation"] * 2 + ["notice", "caption", "article", "continuation"]
    )
    assert [article.kind for article in articles] == kinds
    # Where each headline stands on the page; its lines, and nothing else.
    heads = [
        (33, 34),
        (59, 61),
        (91, 91),
        (126, 126),
        (154, 154),
        (233, 233),
        (261, 262),
        (376, 376),
        None,
        None,
        (414, 416),
        (522, 522),
    ]
    for article, head in zip(articles, heads, strict=True):
        assert _bare(article.headline) == (
            _bare("".join(page.lines[head[0] - 1 : head[1]])) if head else ""
        )
        first, last = article.lines[0]
        body = Counter(_bare("".join(page.lines[first - 1 : head[0] - 1 if head else last])))
        left = body - Counter(_bare(article.byline + article.text))
        assert "".join(left.elements()) in ("", *("".join(Counter("（上接01版）").elements()),))


def test_no_digit_of_the_evidence_depends_on_the_process():
    """Python orders sets of strings by a seed that each process draws."""
    code = (
        "import sys, research\n"
        "from research.pages.split.blocks import blocks_of\n"
        "from research.pages.split.lines import lines_of\n"
        "from research.pages.split.shared_words import SharedWords\n"
        "for path in sys.argv[1:]:\n"
        "    blocks = blocks_of(lines_of(research.read_page(path).lines)[0])\n"
        "    shared = SharedWords(blocks)\n"
        "    print(repr([shared.of_heading(i) for i in range(len(blocks))]))\n"
    )
    pages = sorted(map(str, DATA.rglob("*.txt")))
    outputs = set()
    for seed in ("1", "2", "3"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, *pages]
        done = subprocess.run(
            command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=True
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1 and len(next(iter(outputs)).splitlines()) == len(pages)
