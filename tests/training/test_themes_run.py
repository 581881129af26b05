"""A themes experiment through time: what the run tells of movements, events, undated and repeated articles."""

import csv
import html
import io
import json
import re
import shutil

import numpy as np
import pytest
from conftest import PROJECT, browse, needs_browser

from research import InputError, load, rerun, train
from research.cli.runs import compare
from research.cli.runs import train as train_command
from research.cli.themes import themes
from research.report.broken_axis import break_axis
from research.report.figures import draw_themes
from research.runs import read
from research.runs.labels import label_texts
from research.themes.calendar import first_day, periods_between

# Water is written of all the time, a flood in May 2024 only; schools open every September.
FLOOD, WATER, SCHOOL = (
    "洪水 堤防 抢险 转移 安置",
    "水质 断面 监测 排污 治理",
    "学校 开学 老师 学生 课堂",
)
CONFIG = """
task = "themes"
name = "{name}"
[corpus]
path = "archive.jsonl"
{corpus}
[tokens]
min_length = 2
[topics]
n_topics = 3
min_df = 2
max_df = 1.0
{topics}
[time]
resamples = 50
events = "events.toml"
breakdown = ["section", "page"]
{time}
"""
EVENTS = '[[event]]\nname = "洪水"\ndate = "2024-05-01"\ndays = 30\n[[event]]\nname = "无报道"\ndate = "2010-01-01"\n'


def _rows():
    rows = []
    for month in range(60):
        year, part = 2020 + month // 12, month % 12 + 1
        topics = (
            [WATER] * 6
            + [SCHOOL] * (8 if part == 9 else 2)
            + [FLOOD] * (20 if (year, part) == (2024, 5) else 1)
        )
        if (year, part) == (2023, 2):
            continue  # No paper in that month.
        for n, words in enumerate(topics):
            text = (
                " ".join([*words.split()[n % 3 :], words.split()[n % 5]]) + f" 第{month}期{n}号报道"
            )
            rows.append(
                {
                    "id": f"{month}-{n}",
                    "headline": words.split()[0] + "报道",
                    "text": text,
                    "date": f"{year}-{part:02d}-{1 + n:02d}",
                    "page": "A02",
                    "section": "环保" if words is WATER else "民生",
                }
            )
    return rows


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    bad = [
        {"id": "none", "text": "一座桥通车，两岸居民走上桥面。"},
        {"id": "never", "text": "新书在书店首发，读者排队签名。", "date": "2024-02-31"},
        {"id": "coarse", "text": "老街修好了石板路，铺子重新开门。", "date": "2024"},
        {"id": "slip", "text": "渔船归港，码头上一早开市卖鱼。", "date": "1204-05-03"},
    ]
    long = "今天上午全市各界代表集会纪念这一天共同回顾走过的道路并向前辈致敬水质断面监测排污治理"
    copies = [
        {"id": f"copy-{n}", "text": long + "。" * n, "date": "2024-03-02", "section": "环保"}
        for n in range(3)
    ]
    lines = (json.dumps(row, ensure_ascii=False) for row in [*_rows(), *bad, *copies])
    (folder / "archive.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "events.toml").write_text(EVENTS, "utf-8")
    (folder / "names.toml").write_text(
        '[[topic]]\nname = "河里的水"\nwords = ["断面", "排污"]\n', "utf-8"
    )
    return folder


def _train(archive, runs, name="archive", corpus="", topics="", time="", more=""):
    (archive / f"{name}.toml").write_text(
        more + CONFIG.format(name=name, corpus=corpus, topics=topics, time=time), "utf-8"
    )
    return train(archive / f"{name}.toml", runs).folder


@pytest.fixture(scope="module")
def run(archive, tmp_path_factory):
    return _train(archive, tmp_path_factory.mktemp("runs"))


def _topic(run, word):
    return next(
        topic.number
        for topic in read(run).topics
        if word in [entry.word for entry in topic.words[:5]]
    )


def _periods_with_articles(run):
    shares = read(run).shares
    return {period for period, n in zip(shares.periods, shares.counts, strict=True) if n}


def test_the_flood_bursts_and_the_school_has_its_month(run):
    movements = read(run).movements
    flood, school = movements[_topic(run, "抢险")], movements[_topic(run, "老师")]
    assert flood.peak.period == "2024-05"
    assert flood.peak.low <= flood.peak.share <= flood.peak.high
    assert flood.peaks == (flood.peak,)
    assert flood.bursts[0].first == "2024-05" == flood.bursts[0].last
    assert school.season.significant and school.season.peak == 8
    assert {movement.trend.direction for movement in movements} == {"steady"}


def test_the_flood_is_the_story_of_its_month(run):
    stories = load(run).stories
    assert {story.period for story in stories if "抢险" in story.words} == {"2024-05"}
    story = load(run).stories_about("抢险 堤防")[0]
    assert (
        story.theme == _topic(run, "抢险")
        and story.documents >= 15
        and story.articles[0].date.startswith("2024-05")
    )
    assert "大事记" in (run / "report.html").read_text("utf-8")


# Searches the chronology as a reader would, asks for the articles behind the flood's highest point, and leaves what it saw in the page.
READER = """
<script>
addEventListener("load", function wait() {
  if (document.documentElement.dataset.drawn !== "yes") return setTimeout(wait, 100);
  const find = document.getElementById("find"), shown = () => [...document.querySelectorAll(".story:not([hidden])")].map((story) => story.dataset.period);
  const seen = { all: shown().length };
  const type = (text) => { find.value = text; find.dispatchEvent(new Event("input")); };
  type("抢险");
  seen.flood = shown();
  seen.open = [...document.querySelectorAll(".year:not([hidden])")].map((year) => year.open);
  type("没有这个词");
  seen.none = shown().length;
  type("");
  seen.again = shown().length;
  const data = JSON.parse(document.getElementById("data").textContent);
  document.getElementById("curves").emit("plotly_click", { points: [{ customdata: [TOPIC, data.periods.indexOf("2024-05")] }] });
  setTimeout(() => {
    seen.behind = document.getElementById("behind-stories").textContent;
    const result = document.createElement("pre");
    result.id = "seen";
    result.textContent = JSON.stringify(seen);
    document.body.append(result);
  }, 700);
});
</script>
"""


def _read(run, script, folder):
    """Return what a script saw in a run's report."""
    page = folder / "read.html"
    page.write_text(
        (run / "report.html").read_text("utf-8").replace("</body>", script + "</body>"), "utf-8"
    )
    drawn = browse(page, folder / "profile")
    return json.loads(html.unescape(drawn.split('<pre id="seen">', 1)[1].split("</pre>", 1)[0]))


def test_a_word_is_followed_through_time(run, archive, capsys):
    rows = [row for row in _rows() if "抢险" in row["text"]]
    found = load(run).mentions(["抢险", "老师"])
    assert found.holding.sum(axis=0).tolist() == [
        len(rows),
        sum("老师" in row["text"] for row in _rows()),
    ]
    assert found.peaks("抢险") == ["2024-05"] and found.bursts("抢险")[0] == ("2024-05", "2024-05")
    may = found.periods.index("2024-05")
    assert (
        found.low[may, 0]
        < found.shares[may, 0]
        == found.holding[may, 0] / found.documents[may]
        < found.high[may, 0]
    )
    themes(str(run), word=["抢险", "老师"])
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3 and f"{_topic(run, '抢险')} " in said[1] and "2024-05" in said[1]
    themes(str(run), word=["抢险"], csv=True)
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert sum(int(row["holding"]) for row in table) == len(rows)
    assert {row["period"] for row in table} == _periods_with_articles(run)


@pytest.mark.parametrize(
    ("word", "says"),
    [("抢险转移", "several words .*: 抢险 转移"), ("的", "stop word"), ("台风", "too rare")],
)
def test_a_word_that_cannot_be_followed_says_why(run, word, says):
    with pytest.raises(InputError, match=says):
        load(run).mentions([word])
    with pytest.raises(InputError, match="expected a list of words"):
        load(run).mentions(word)


def test_words_are_drawn_for_print(run, tmp_path):
    themes(str(run), word=["抢险", "老师"], figure=tmp_path / "words.svg")
    assert (tmp_path / "words.svg").stat().st_size > 1000
    with pytest.raises(InputError, match="11 curves"):
        themes(str(run), word=["抢险"] * 11, figure=tmp_path / "many.svg")


FOLLOWER = """
<script>
addEventListener("load", function wait() {
  if (document.documentElement.dataset.drawn !== "yes") return setTimeout(wait, 100);
  const box = document.getElementById("word"), curves = document.getElementById("word-curves"), unknown = document.getElementById("unknown");
  const seen = { begins: box.value };
  const type = (text) => new Promise((done) => { box.value = text; box.dispatchEvent(new Event("input")); setTimeout(done, 400); });
  const drawn = () => curves.data.filter((trace) => trace.name).map((trace) => [trace.name, trace.y]);
  (async () => {
    await type("抢险 老师");
    seen.drawn = drawn();
    curves.emit("plotly_click", { points: [{ customdata: ["抢险", seen.drawn[0][1].indexOf(Math.max(...seen.drawn[0][1]))] }] });
    await new Promise((done) => setTimeout(done, 400));
    seen.title = document.getElementById("behind-word-title").textContent;
    seen.articles = [...document.querySelectorAll("#behind-word-list li")].map((item) => item.textContent);
    await type("抢险队");
    seen.hidden = curves.hidden;
    seen.near = [...unknown.querySelectorAll("button")].map((chip) => chip.textContent);
    unknown.querySelector("button").click();
    await new Promise((done) => setTimeout(done, 400));
    seen.taken = [box.value, curves.hidden, unknown.textContent];
    document.querySelector('.story[data-period="2024-05"] [data-follow]').click();
    await new Promise((done) => setTimeout(done, 400));
    seen.story = drawn().map(([word]) => word);
    const result = document.createElement("pre");
    result.id = "seen";
    result.textContent = JSON.stringify(seen);
    document.body.append(result);
  })();
});
</script>
"""


@needs_browser
def test_a_reader_follows_a_word_and_sees_its_articles(run, tmp_path):
    seen = _read(run, FOLLOWER, tmp_path)
    found = load(run).mentions(["抢险", "老师"])
    assert [name for name, _ in seen["drawn"]] == ["抢险", "老师"] and seen["begins"]
    for k, (_, shares) in enumerate(seen["drawn"]):
        assert [-1 if share is None else round(share, 9) for share in shares] == np.round(
            np.nan_to_num(found.shares[:, k], nan=-1), 9
        ).tolist()
    assert seen["title"].startswith("抢险 · 2024-05 · 20 篇") and seen["articles"]
    assert all("2024-05" in article and "抢险" in article for article in seen["articles"])
    story = next(story for story in load(run).stories if story.period == "2024-05")
    assert seen["story"] == list(story.words[:3])
    assert seen["hidden"] and seen["near"] == ["抢险"] and seen["taken"] == ["抢险", False, ""]


@needs_browser
def test_a_reader_finds_a_story_and_sees_it_behind_its_point(run, tmp_path):
    seen = _read(run, READER.replace("TOPIC", str(_topic(run, "抢险"))), tmp_path)
    assert set(seen["flood"]) == {"2024-05"} and all(seen["open"])
    assert seen["none"] == 0 and seen["again"] == seen["all"] == len(load(run).stories)
    assert "抢险" in seen["behind"]


def test_an_event_is_held_against_the_days_before(run):
    events = read(run).movements[_topic(run, "抢险")].events
    assert events[0].event == "无报道" and events[0].before == 0 and np.isnan(events[0].change)
    assert events[1].change > 0.3 and events[1].low > 0


def test_undated_articles_are_counted_and_listed_and_in_no_curve(run):
    trained = read(run)
    rows, figures, shares = trained.undated, trained.figures, trained.shares
    assert figures.undated == 4
    assert [row.id for row in rows] == ["none", "never", "coarse", "slip"]
    reasons = ("no date", "impossible", "names no month", "century")
    assert [reason in row.why for reason, row in zip(reasons, rows, strict=True)] == [True] * 4
    assert shares.periods[0] == "2020-01" and len(shares.periods) == 60
    assert shares.counts.sum() == figures.documents - 4
    assert "2024-02-31" in (run / "report.html").read_text("utf-8")


def test_an_article_without_a_known_word_has_no_theme_anywhere(archive, tmp_path):
    stranger = {"id": "stranger", "text": "zephyr quokka", "date": "2024-06-15", "headline": "xylo"}
    folder = tmp_path / "strangers"
    folder.mkdir()
    lines = (archive / "archive.jsonl").read_text("utf-8")
    (folder / "archive.jsonl").write_text(lines + json.dumps(stranger) + "\n", "utf-8")
    (folder / "events.toml").write_text(EVENTS, "utf-8")
    run = read(_train(folder, tmp_path / "runs"))
    unknown_ids = {"stranger", "none", "never", "coarse", "slip"}  # Their words occur once each.
    assert run.figures.without_theme == len(unknown_ids)
    row = next(row for row in run.documents if row.id == "stranger")
    assert (row.topic, row.share, row.second_topic) == (None, None, None)
    assert {row.id for row in run.documents if row.topic is None} == unknown_ids
    assert run.shares.counts.sum() == run.figures.documents - run.figures.undated - 1
    assert not unknown_ids & {row.id for topic in run.topics for row in topic.typical}
    assert "Without a theme" in (run.folder / "report.html").read_text("utf-8")
    assert run.has_theme(["洪水抢险", "zephyr"]).tolist() == [True, False]
    assert run.predict(["洪水抢险", "zephyr"])[1] == -1
    known, unknown = label_texts(run, [("a", "洪水抢险"), ("b", "zephyr")])
    assert known.topic is not None and unknown.topic is None
    assert unknown.to_columns()["topic_0"] is None and unknown.name == "–"


def test_a_month_without_a_paper_is_a_gap(run):
    shares = read(run).shares
    gap = shares.periods.index("2023-02")
    assert shares.counts[gap] == 0 and np.isnan(shares.shares[gap]).all()
    assert read(run).figures.empty_periods == 1
    bands = (run / "bands.csv").read_text("utf-8-sig").splitlines()
    assert not any(line.startswith("2023-02") for line in bands)


def test_repeated_copy_is_told_and_counts_where_asked(archive, run, tmp_path):
    assert read(run).figures.near_duplicates == 2
    assert [row.id for row in read(run).near_duplicates] == ["copy-0", "copy-1", "copy-2"]

    def march(folder):
        shares = read(folder).shares
        return shares.counts[shares.periods.index("2024-03")]

    once = _train(archive, tmp_path, "once", more='near_duplicates = "once"\n')
    kept = _train(archive, tmp_path, "kept", more='near_duplicates = "keep"\n')
    assert march(run) == march(kept) == march(once) + 2
    assert read(kept).figures.near_duplicates == 0


def test_themes_are_told_by_section_and_page(run):
    breakdown = read(run).breakdown
    rows = [row for row in breakdown if row[:3] == ("section", "环保", "")]
    assert max(rows, key=lambda row: row.share).topic == _topic(run, "断面")
    assert {row.value for row in breakdown if row.by == "page"} == {"2"}


def test_the_articles_behind_a_point_are_of_its_month_and_theme(run):
    points = read(run).points
    behind = [points.articles[n] for n in points.behind[_topic(run, "抢险")]["2024-05"]]
    assert behind
    for article in behind:
        assert article.date.startswith("2024-05") and article.page == 2
        assert "洪水" in article.headline


def test_topics_keep_their_numbers_over_a_new_training(archive, run, tmp_path):
    again = _train(
        archive,
        tmp_path,
        "again",
        corpus='since = "2022-07"',
        topics=f'like = "{run}"',
        more="seed = 7\n",
    )
    for word in ("抢险", "断面", "老师"):
        assert _topic(again, word) == _topic(run, word)
    assert len(read(again).figures.lineage.same) == 3
    assert read(again).shares.periods[0] == "2022-07"
    with pytest.raises(InputError, match="nowhere/manifest"):
        _train(archive, tmp_path, "lost", topics='like = "nowhere"')


def test_added_months_leave_numbers_and_names_and_a_new_theme_gets_the_next_number(
    archive, tmp_path, capsys
):
    early = _train(
        archive,
        tmp_path,
        "early",
        corpus='until = "2024-04"',
        topics="names = 'names.toml'",
        more="seed = 3\n",
    )
    number = _topic(early, "断面")
    later = [
        {
            "id": f"port-{n}",
            "headline": "码头报道",
            "text": f"码头 货轮 集装箱 {n}号",
            "date": f"2025-{n % 12 + 1:02d}-02",
        }
        for n in range(60)
    ]
    rows = (archive / "archive.jsonl").read_text("utf-8") + "".join(
        json.dumps(row, ensure_ascii=False) + "\n" for row in later
    )
    (archive / "longer.jsonl").write_text(rows, "utf-8")
    config = CONFIG.replace("archive.jsonl", "longer.jsonl").replace("n_topics = 3", "n_topics = 4")
    topics = f'like = "{early}"\nstart = "like"'
    (archive / "longer.toml").write_text(
        "seed = 8\n" + config.format(name="longer", corpus="", topics=topics, time=""), "utf-8"
    )
    longer = train(archive / "longer.toml", tmp_path).folder
    assert [_topic(longer, word) for word in ("抢险", "断面", "老师", "货轮")] == [
        *(_topic(early, word) for word in ("抢险", "断面", "老师")),
        3,
    ]
    topic = read(longer).topics[number]
    assert topic.name == "河里的水" and topic.named_by == "hand"
    same = read(longer).figures.lineage.same
    assert [(old, new) for old, new, _ in same] == [(0, 0), (1, 1), (2, 2)]
    compare([str(early), str(longer)])
    assert ["lineage.born", "–", "1"] in [
        line.split() for line in capsys.readouterr().out.splitlines()
    ]
    assert '<span lang="zh">生</span><span lang="en">born</span></th><td>3 码头' in " ".join(
        (longer / "report.html").read_text("utf-8").split()
    )
    (archive / "longer.toml").write_text(
        (archive / "longer.toml").read_text("utf-8").replace("n_topics = 4", "n_topics = 2"),
        "utf-8",
    )
    with pytest.raises(
        InputError, match=r"n_topics 2: .*early has 3 topics to go on with; give as many or more"
    ):
        train(archive / "longer.toml", tmp_path)


def test_a_theme_that_comes_and_one_that_goes_are_told_year_by_year(archive, tmp_path):
    """Water is written of in all four years, schools in the first two, the flood in the last two."""
    rows = []
    for year in (2020, 2021, 2022, 2023):
        for n in range(60):
            words = (WATER, SCHOOL if year < 2022 else FLOOD)[n % 2].split()
            rows.append(
                {
                    "id": f"{year}-{n}",
                    "text": " ".join(words[i % 5] for i in range(n, n + 4)) + f" {n}号",
                    "date": f"{year}-{n % 12 + 1:02d}-01",
                }
            )
    (archive / "four.jsonl").write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", "utf-8"
    )
    time = 'lineage = "year"\nlineage_topics = 2'
    config = CONFIG.replace("archive.jsonl", "four.jsonl").format(
        name="four", corpus="", topics="", time=time
    )
    (archive / "four.toml").write_text('near_duplicates = "keep"\n' + config, "utf-8")
    run = train(archive / "four.toml", tmp_path).folder
    steps = read(run).lineage
    lines = {
        word: [step for step in steps if word in step.words] for word in ("断面", "老师", "抢险")
    }
    assert {word: [step.period for step in line] for word, line in lines.items()} == {
        "断面": ["2020", "2021", "2022", "2023"],
        "老师": ["2020", "2021"],
        "抢险": ["2022", "2023"],
    }
    assert all(len({step.line for step in line}) == 1 for line in lines.values())
    assert lines["老师"][1].ended == "died"
    assert lines["抢险"][0].began == "born"
    assert lines["断面"][3].ended == ""
    assert lines["断面"][0].theme == _topic(run, "断面")
    page = (run / "report.html").read_text("utf-8")
    assert "世代" in page and ">生<" in page and ">died<" in page
    (archive / "four.toml").write_text(
        (archive / "four.toml").read_text("utf-8").replace('lineage = "year"', 'lineage = "month"'),
        "utf-8",
    )
    with pytest.raises(InputError, match=r"time.lineage: 0 months have the 10 articles"):
        train(archive / "four.toml", tmp_path)


def test_a_run_does_not_go_on_from_itself(archive, run, tmp_path):
    shutil.copytree(run, tmp_path / "archive")
    (tmp_path / "link").symlink_to(tmp_path / "archive")
    for folder in (tmp_path / "archive", tmp_path / "link", tmp_path / "other" / ".." / "archive"):
        with pytest.raises(InputError, match=r"topics\.like names .* writes itself.*mv "):
            _train(archive, tmp_path, "archive", topics=f'like = "{folder}"')
    with pytest.raises(InputError, match="writes itself"):  # Before anything was trained too.
        _train(archive, tmp_path, "first", topics=f'like = "{tmp_path}/first"')
    (tmp_path / "archive").rename(tmp_path / "archive-before")
    _train(archive, tmp_path, "archive", topics=f'like = "{tmp_path}/archive-before"')
    assert rerun(tmp_path / "archive").equal
    with pytest.raises(InputError, match="goes on from the run that this experiment writes"):
        _train(archive, tmp_path, "archive-before", topics=f'like = "{tmp_path}/archive"')


def test_sections_of_a_trained_model_fill_in_where_there_are_none(archive, trained, tmp_path):
    labelled = _train(
        archive,
        tmp_path,
        "labelled",
        more=f'sections = "{trained / "sections"}"\n',
        corpus='fields = {section = ""}',
    )
    assert any(row.by == "section" for row in read(labelled).breakdown)


@pytest.fixture(scope="module")
def without_dates(archive, tmp_path_factory):
    return _train(
        archive,
        tmp_path_factory.mktemp("runs"),
        "undated",
        corpus='fields = {date = ""}',
        time='lineage = "year"',
    )


def test_a_corpus_without_dates_is_trained_and_has_no_curves(without_dates):
    trained = read(without_dates)
    assert len(trained.topics) == 3 and trained.figures.undated == trained.figures.documents
    assert trained.shares.periods == () and trained.shares.shares.shape == (0, 3)
    assert trained.movements == trained.stories == trained.lineage == ()
    assert {row.why for row in trained.undated} == {"no date in field ''"}
    assert {row.year for row in trained.breakdown} == {""}
    for ask in (
        lambda: trained.mentions(["水质"]),
        lambda: draw_themes(trained, PROJECT / "a.png"),
    ):
        with pytest.raises(InputError, match=r"no article has a date.*undated\.csv"):
            ask()


def test_a_run_without_dates_is_listed_and_says_why(without_dates, archive, capsys):
    themes(str(without_dates))
    assert "洪水" in capsys.readouterr().out
    with pytest.raises(InputError, match="no article has a date"):
        themes(str(without_dates), csv=True)
    train_command([archive / "undated.toml"], without_dates.parent)
    out = capsys.readouterr().out
    n = read(without_dates).figures.documents
    assert f"no curves, for none of {n} articles has a date" in out
    assert "no date in field ''" in out


@needs_browser
def test_the_report_of_a_run_without_dates_opens_without_complaint(without_dates, tmp_path):
    page = browse(without_dates / "report.html", tmp_path)
    assert 'data-drawn="yes"' in page and "没有随时间的变化" in page
    assert 'id="curves"' not in page and "主题地图" in page


def test_a_half_dated_corpus_has_curves_of_what_is_dated(archive, tmp_path):
    rows = (archive / "archive.jsonl").read_text("utf-8").splitlines()
    halves = [re.sub(r'"date": "[^"]+", ', "", row) if i % 3 else row for i, row in enumerate(rows)]
    (archive / "half.jsonl").write_text("\n".join(halves), "utf-8")
    (archive / "half.toml").write_text(
        CONFIG.format(name="half", corpus="", topics="", time="").replace(
            "archive.jsonl", "half.jsonl"
        ),
        "utf-8",
    )
    figures = read(train(archive / "half.toml", tmp_path).folder).figures
    assert figures.undated > figures.documents / 2 and figures.periods > 50


@pytest.fixture(scope="module")
def decades(archive, tmp_path_factory):
    rows = (archive / "archive.jsonl").read_text("utf-8")
    for year, written in (("2020", "民国二十三年"), ("2021", "光绪三十年"), ("2022", "1951")):
        rows = re.sub(rf'"date": "{year}-[^"]+"', f'"date": "{written}"', rows)
    (archive / "decades.jsonl").write_text(rows, "utf-8")
    config = CONFIG.format(
        name="decades",
        corpus="",
        topics="",
        time='by = "decade"\nwords_by = "decade"\nlineage = "decade"\nlineage_topics = 3',
    )
    (archive / "decades.toml").write_text(config.replace("archive.jsonl", "decades.jsonl"), "utf-8")
    return train(archive / "decades.toml", tmp_path_factory.mktemp("runs")).folder


def test_decades_of_the_qing_the_republic_and_today_are_one_axis(decades):
    run = read(decades)
    assert run.shares.periods[0] == "1900s" and run.shares.periods[-1] == "2020s"
    assert len(run.shares.periods) == 13
    dated = {p for p, n in zip(run.shares.periods, run.shares.counts, strict=True) if n}
    assert dated == {"1900s", "1930s", "1950s", "2020s"} == {word.period for word in run.words}
    assert {step.period for step in run.lineage} <= dated and run.shares.unfinished
    assert {movement.season for movement in run.movements} == {None}
    assert [row.id for row in run.undated] == ["none", "never", "slip"]


@needs_browser
def test_the_axis_is_broken_where_years_are_empty(decades, tmp_path):
    page = browse(decades / "report.html", tmp_path)
    assert "横轴略去没有报道的年份（虚线处）：1910s – 1920s · 1960s – 2010s" in page
    data = json.loads(re.search(r'id="data">(.*?)</script>', page)[1])
    assert data["breaks"] == [
        {"from": "1910-01-01", "to": "1920-01-01"},
        {"from": "1960-01-01", "to": "2010-01-01"},
    ]
    assert 'data-drawn="yes"' in page


def test_two_runs_of_one_experiment_are_equal(archive, run, tmp_path):
    again = _train(archive, tmp_path)
    assert {
        path.name: path.read_bytes() for path in run.glob("*.*") if path.name != "record.json"
    } == {path.name: path.read_bytes() for path in again.glob("*.*") if path.name != "record.json"}


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_figures_for_print(run, tmp_path, kind):
    whole, one = (
        draw_themes(read(run), tmp_path / f"all.{kind}"),
        draw_themes(read(run), tmp_path / f"one.{kind}", [_topic(run, "抢险")]),
    )
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[kind]
    assert whole.read_bytes().startswith(begins) and one.stat().st_size > 1000
    assert draw_themes(read(run), tmp_path / f"again.{kind}").read_bytes() == whole.read_bytes()


def test_the_axis_of_a_picture_leaves_out_years_without_articles():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    date2num = pytest.importorskip("matplotlib.dates").date2num
    periods = periods_between("1930", "1989", "year")
    counts = [int(period < "1935" or period > "1984") for period in periods]
    figure, axes = pyplot.subplots()
    days = [first_day(period) for period in periods]
    axes.plot(days, counts)
    break_axis(axes, periods, counts)
    figure.canvas.draw()
    year, gap = days[periods.index("1934")], days[periods.index("1985")]
    x = axes.transData.transform([(date2num(day), 0) for day in (days[0], year, gap, days[-1])])[
        :, 0
    ]
    assert x[1] - x[0] == pytest.approx(x[3] - x[2], rel=0.01)  # Four years on either side.
    assert 0 < x[2] - x[1] < (x[1] - x[0])  # Fifty years between.
    assert [label.get_text() for label in axes.get_xticklabels()][:2] == ["1930", "1931"]
    pyplot.close(figure)


def test_a_figure_that_cannot_be_drawn_says_what_to_install(run, trained, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="give a name that ends so"):
        draw_themes(read(run), tmp_path / "a.gif")
    with pytest.raises(InputError, match="topics go from 0 to 2"):
        draw_themes(read(run), tmp_path / "a.svg", [9])
    with pytest.raises(InputError, match="no themes to draw"):
        draw_themes(read(trained / "sections"), tmp_path / "a.svg")
    monkeypatch.setattr("research.report.picture.FONTS", ("No Such Font",))
    with pytest.raises(InputError, match="apt install fonts-noto-cjk"):
        draw_themes(read(run), tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []


def test_names_with_commas_do_not_break_the_csv(run, capsys):
    themes(str(run), csv=True)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["period"] for row in rows} == _periods_with_articles(run)
    assert all(float(row["low"]) <= float(row["share"]) <= float(row["high"]) for row in rows)


def test_stories_are_printed_by_period_or_by_what_they_are_about(run, capsys):
    themes(str(run), stories=True)
    everything = capsys.readouterr().out.splitlines()
    assert len(everything) == 1 + len(load(run).stories)
    themes(str(run), about="堤防抢险")
    assert "2024-05" in capsys.readouterr().out.splitlines()[1]
    with pytest.raises(InputError, match="no story has words of '台风'"):
        themes(str(run), about="台风")


def test_the_sample_moves_as_its_book_says(tmp_path):
    """data/README.md, "What moves": batteries rise, the flood and the tap water of 凤鸣水库 burst."""
    folder = train(PROJECT / "experiments/themes.toml", tmp_path).folder
    trained = read(folder)

    def theme_of(word):
        return next(
            trained.movements[topic.number]
            for topic in trained.topics
            if word in [entry.word for entry in topic.words[:10]]
        )

    assert theme_of("储能").trend.direction == "rising"
    assert theme_of("洪水").bursts[0].first == "2024-07"
    tap_water = theme_of("凤鸣水库")
    assert tap_water.bursts[0].first == "2025-05" == tap_water.peak.period


def test_the_number_of_topics_is_looked_for_and_too_many_are_shown(archive, tmp_path, caplog):
    """Five thousand words and some: the archive has room for few topics."""
    config = archive / "room.toml"
    text = CONFIG.format(name="room", corpus="", topics="passes = 5", time="")
    config.write_text(text.replace("n_topics = 3", 'n_topics = "auto"'), "utf-8")
    chosen = read(train(config, tmp_path / "runs").folder).figures
    assert chosen.n_topics in [row.n_topics for row in chosen.choice.rows]
    assert chosen.most_topics is None and "too many" not in caplog.text
    config.write_text(text.replace("n_topics = 3", "n_topics = 40"), "utf-8")
    folder = train(config, tmp_path / "runs").folder
    most = read(folder).figures.most_topics
    report = (folder / "report.html").read_text("utf-8")
    assert 2 <= most < 40 and f"take {most} at most" in caplog.text
    assert f"至多容得下 {most} 个" in report and f"{most} at most" in report
