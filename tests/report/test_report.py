"""The report: one file that loads nothing, no markup from articles, drawn by a real browser."""

import html
import json
import re
import shutil

import pytest
from conftest import browse, needs_browser

from research import train


def _report(trained, name):
    return (trained / name / "report.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["sections", "themes"])
def test_it_asks_nothing_of_any_address(trained, name):
    page = _report(trained, name)
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "default-src 'none'" in page
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|#)""", markup)
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", markup)
    assert len(page) < 3_000_000


def test_a_report_with_charts_carries_the_licence_of_what_draws_them(trained):
    page = _report(trained, "themes")
    assert "Copyright (c) 2016-2024 Plotly Technologies Inc." in page
    assert "The above copyright notice and this permission notice shall be included" in page
    assert "Plotly Technologies" not in _report(trained, "sections")


def test_it_shows_figures_confusions_and_mistakes(trained):
    page, figures = (
        _report(trained, "sections"),
        json.loads((trained / "sections/figures.json").read_text()),
    )
    assert f"{figures['macro_f1']:.3f}" in page
    for section in ("政务", "环保", "招商", "民生", "其他"):
        assert f'<th scope="row">{section}</th>' in page


def test_text_from_articles_never_becomes_markup(tmp_path):
    evil = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
    rows = [
        {
            "headline": f"{evil} {n}",
            "text": f"{'污染 治理' if n % 2 else '投资 签约'} {evil}",
            "date": f"2023-0{1 + n % 3}-01",
            "section": "环保" if n % 2 else "招商",
        }
        for n in range(12)
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    config = (
        'task = "themes"\n[corpus]\npath = "a.jsonl"\n'
        f"[topics]\nn_topics = 2\nmax_df = 1.0\npasses = 1\n# {evil}\n"
    )
    (tmp_path / "t.toml").write_text(config, "utf-8")
    page = (train(tmp_path / "t.toml", tmp_path).folder / "report.html").read_text("utf-8")
    assert evil not in page
    assert "&lt;img src=x" in page
    # One script of the report's own; its data stand beside it, packed or with every < escaped.
    assert page.count("<script>") == 1
    data = page.split('<script type="application/json" id="data">', 1)[1].split("</script>", 1)[0]
    assert "<" not in data and json.loads(data)["topics"]


@needs_browser
@pytest.mark.parametrize("name", ["sections", "themes"])
def test_a_real_browser_draws_it_without_complaint(trained, name, tmp_path):
    drawn = browse(trained / name / "report.html", tmp_path)
    if name == "themes":
        assert 'data-drawn="yes"' in drawn and drawn.count("main-svg") >= 2


# Runs in a page when it is drawn, and leaves its result there.
SCRIPT = """
<script>
function tell(seen) {
  const result = document.createElement("pre");
  result.id = "seen";
  result.textContent = JSON.stringify(seen);
  document.body.append(result);
}
addEventListener("load", function wait() {
  if (document.documentElement.dataset.drawn !== "yes") return setTimeout(wait, 100);
  WORK
});
</script>
"""
# Moves and clicks a mouse as a reader would.
READER = """
  const seen = {};
  const mouse = (target, kind, clientX, clientY) => target.dispatchEvent(
    new MouseEvent(kind, { bubbles: true, cancelable: true, view: window, clientX, clientY }));
  const later = (work) => setTimeout(work, 700);
  const search = document.getElementById("search");
  seen.cards = document.querySelectorAll(".card[data-words]:not([hidden])").length;
  search.value = WORD;
  search.dispatchEvent(new Event("input"));
  seen.found = document.querySelectorAll(".card[data-words]:not([hidden])").length;
  search.value = "没有这个词";
  search.dispatchEvent(new Event("input"));
  seen.none = document.querySelectorAll(".card[data-words]:not([hidden])").length;
  document.getElementById("clear").click();
  seen.cleared = document.querySelectorAll("#chips .chip").length;
  document.querySelector('#topic-2 [data-topic="2"]').click();
  seen.chips = [...document.querySelectorAll("#chips .chip")].map((chip) => chip.textContent);
  later(() => {
    const curves = document.getElementById("curves");
    const marks = [...curves.querySelectorAll(".scatterlayer .point")];
    const boxes = marks.map((mark) => mark.getBoundingClientRect());
    const point = boxes.sort((a, b) => a.top - b.top)[0];
    const x = point.left + point.width / 2, y = point.top + point.height / 2;
    const layer = document.elementFromPoint(x, y) ?? curves.querySelector(".nsewdrag");
    mouse(layer, "mouseover", x, y); mouse(layer, "mousemove", x, y);
    later(() => {
      seen.hover = curves.querySelector(".hoverlayer")?.textContent ?? "";
      mouse(layer, "mousedown", x, y); mouse(document, "mouseup", x, y);
      seen.saved = [];
      HTMLAnchorElement.prototype.click = function () { seen.saved.push(this.download); };
      for (const button of document.querySelectorAll("[data-save]")) button.click();
      later(() => {
        const items = [...document.querySelectorAll("#behind-list li")];
        seen.behind = items.map((item) => item.textContent);
        seen.wide = document.documentElement.scrollWidth - innerWidth;
        tell(seen);
      });
    });
  });
"""


def _seen(report, work, folder, *options):
    page = folder / "seen.html"
    page.write_text(report.replace("</body>", SCRIPT.replace("WORK", work) + "</body>"), "utf-8")
    drawn = browse(page, folder / "profile", *options)
    return json.loads(html.unescape(drawn.split('<pre id="seen">', 1)[1].split("</pre>", 1)[0]))


@needs_browser
@pytest.mark.parametrize(
    "options",
    [
        ("--window-size=1440,1600",),
        ("--window-size=1440,1600", "--force-dark-mode", "--blink-settings=preferredColorScheme=0"),
    ],
)
def test_a_reader_finds_the_articles_behind_a_point(trained, tmp_path, options):
    topics = json.loads((trained / "themes/topics.json").read_text("utf-8"))
    word = topics[1]["relevant"][0]["word"]
    seen = _seen(
        _report(trained, "themes"), READER.replace("WORD", json.dumps(word)), tmp_path, *options
    )
    assert seen["cards"] == 4 and 1 <= seen["found"] < 4 and seen["none"] == 0
    assert seen["cleared"] == 0 and len(seen["chips"]) == 1 and seen["chips"][0].startswith("2 ")
    assert "%" in seen["hover"] and "2 " in seen["hover"]
    assert seen["behind"] and all("202" in item for item in seen["behind"])
    charts = ["curves", "word-curves", "map", "dendrogram"]
    assert {f"themes-{name}.{form}" for name in charts for form in ("svg", "png")} <= {
        *seen["saved"]
    }
    assert len([name for name in seen["saved"] if name.endswith(".csv")]) >= 1
    assert seen["wide"] <= 0


MAP = """
  const boxes = (path) => [...document.querySelectorAll(path)]
    .map((mark) => mark.getBoundingClientRect())
    .filter((box) => box.width > 0);
  const pairs = (list, meet) =>
    list.flatMap((a, i) => list.slice(0, i).filter((b) => meet(a, b))).length;
  const circles = boxes("#map .point");
  const labels = boxes("#map .textpoint text");
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const far = (a, b) => Math.hypot(middle(a)[0] - middle(b)[0], middle(a)[1] - middle(b)[1]);
  const overlap = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 4 && b.top < a.bottom - 4;
  tell({ circles: circles.length, labels: labels.length,
    covered: pairs(circles, (a, b) => far(a, b) < (a.width + b.width) / 2),
    printed_over: pairs(labels, overlap) });
"""


@needs_browser
@pytest.mark.parametrize("window", ["1440,1600", "600,1600"])
def test_topics_of_one_place_stand_side_by_side_on_the_map(trained, tmp_path, window):
    before, data, after = re.split(
        r"(?<=id=\"data\">)(.*?)(?=</script>)", _report(trained, "themes"), maxsplit=1, flags=re.S
    )
    facts = json.loads(data)
    facts["topics"] = [
        topic | {"place": [0.1, 0.1], "label": f"{k} 主题名字"}
        for k, topic in enumerate(facts["topics"] * 15)
    ]
    seen = _seen(
        before + json.dumps(facts).replace("<", "\\u003c") + after,
        MAP,
        tmp_path,
        f"--window-size={window}",
    )
    assert seen["circles"] == 60 and seen["covered"] == 0
    assert seen["labels"] >= 15 and seen["printed_over"] == 0


# Opens a report in a frame, and puts its width and the frame's into the title.
FRAME = """
<iframe id="f" src="NAME.html" width="390" height="1500"></iframe>
<script>
function measure() {
  const page = f.contentDocument.documentElement;
  document.title = page.scrollWidth + " of " + f.contentWindow.innerWidth;
}
onload = () => setTimeout(measure, 4000);
</script>
"""


@needs_browser
def test_nothing_is_wider_than_a_phone(trained, tmp_path):
    """In a frame of 390 pixels: a browser's own window is never that narrow."""
    for name in ("sections", "themes"):
        shutil.copy(trained / name / "report.html", tmp_path / f"{name}.html")
        frame = tmp_path / f"frame-{name}.html"
        frame.write_text(FRAME.replace("NAME", name), "utf-8")
        drawn = browse(frame, tmp_path / f"profile-{name}", "--allow-file-access-from-files")
        width, room = map(int, re.search(r"<title>(\d+) of (\d+)</title>", drawn).groups())
        assert width <= room
