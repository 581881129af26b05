"""The section model that ships: found by name, small, without anybody's sentences, honest."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import research
from research.runs.folder import SHIPPED
from research.sections.familiarity import LENGTHS, learn_familiarity

NEWS = SHIPPED / "news"
MAX_MEGABYTES = 12

# Invented, as all texts here.
LABELLED = {
    "环保": "桃河市生态环境局昨天通报，城区河道清淤后水质断面连续三个月达标，白鹭等候鸟重新飞回湿地，空气质量优良天数同比增加。",
    "招商": "桃河市举行重点项目集中签约仪式，二十个产业项目落户高新区，总投资一百八十亿元，涉及装备制造、新能源、电子信息等领域，招商引资再创新高。",
    "民生": "桃河市今年新建三所幼儿园，改造二百个老旧小区，社区卫生服务中心为老人免费体检，医保报销比例提高，群众看病负担减轻。",
    "政务": "桃河市委常委会昨天召开会议，传达学习上级全会精神，研究部署全面从严治党和干部队伍建设工作，市委书记主持会议并讲话。",
}
STRANGE = (
    "本埠昨晚九时许，虹口某里有匪徒数人，各持利刃，闯入李姓家中，将其妻捆缚，抢去首饰洋钿约值二百余元，事后报请捕房缉拿，迄今尚未破获云。",
    "沪道袁观察昨奉抚宪札饬，以迩来米价腾贵，民食维艰，着即出示晓谕各米铺，不得居奇抬价，违者定干究办，决不宽贷。",
    "市政府昨日召開會議，研究養老服務與醫療保險報銷工作，要求各部門加強協調，確保政策落實到位，讓群眾滿意。",
    "市攻府昨曰召幵会仪，硏究养老眼务和医疗保睑报销二作，耍求各部冂加強协凋，碓保政萊落实到位。■□卜丶丿乀",
    "The city council met yesterday to discuss pensions, clean rivers and the reimbursement of medical bills.",
    "2020 1234.5 2345.6 12.3% 2021 1345.6 2456.7 13.4% 2022 1456.7 2567.8 14.5% 合计 4036.8 7370.1",
    "子曰：学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？",
    "水",
    "",
    "😀😀😀😀😀😀😀😀😀😀😀😀",
)


@pytest.fixture(scope="module")
def news():
    return research.load("news")


def test_texts_are_labelled_without_training(news):
    assert news.folder == NEWS
    assert news.predict(list(LABELLED.values())).tolist() == list(LABELLED)


def test_texts_in_another_language_get_no_sure_label(news):
    assert news.predict(STRANGE, otherwise="").tolist() == [""] * len(STRANGE)
    assert not news.model.is_familiar(STRANGE).any()
    assert news.model.is_familiar(list(LABELLED.values())).all()
    assert news.model.is_familiar([]).tolist() == []


def test_the_model_is_small_and_holds_short_ngrams_only(news):
    files = [path for path in NEWS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MAX_MEGABYTES * 10**6
    assert {path.suffix for path in files} <= {".json", ".npy", ".csv", ".toml", ".md"}
    facts = json.loads((NEWS / "model/model.json").read_text("utf-8"))
    for block in facts["blocks"]:
        assert all(len(ngram) <= 4 for ngram in block["vocabulary"])
    assert all(len(ngram) <= 2 for ngram in facts["familiarity"]["ngrams"])
    assert np.load(NEWS / "model/coef.npy", allow_pickle=False).dtype == np.float16
    assert not news.predictions
    assert not news.suspects
    assert not news.figures.drift.unknown_words


def test_a_run_of_the_name_comes_first_and_a_broken_one_is_an_error(tmp_path):
    own = tmp_path / "news"
    shutil.copytree(NEWS, own)
    assert research.load("news", tmp_path).folder == own
    (own / "manifest.json").unlink()
    with pytest.raises(research.InputError, match="no whole run"):
        research.load("news", tmp_path)


def test_a_folder_of_the_name_beside_the_runs_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("news").mkdir()
    assert research.load("news", tmp_path / "runs").folder == NEWS
    with pytest.raises(research.InputError, match="with the package comes news"):
        research.load("nwes", tmp_path / "runs")


def test_themes_take_the_sections_by_name(tmp_path):
    rows = [
        {"id": str(n), "date": f"2024-0{n % 3 + 1}-0{n % 9 + 1}", "text": text + str(n)}
        for n, text in enumerate(list(LABELLED.values()) * 6)
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "articles.jsonl").write_text(lines, "utf-8")
    (tmp_path / "t.toml").write_text(
        'task = "themes"\nsections = "news"\n[corpus]\npath = "articles.jsonl"\n'
        "[topics]\nn_topics = 2\nmin_df = 1\nmax_df = 1.0\npasses = 3\n"
        '[time]\nby = "month"\nresamples = 0\nbreakdown = ["section"]\n',
        "utf-8",
    )
    run = research.load(research.train(tmp_path / "t.toml", tmp_path / "runs").folder)
    assert "news/manifest.json" in run.inputs
    assert {row.value for row in run.breakdown} & set(LABELLED)


def test_what_is_familiar_is_learned_from_texts():
    texts = [
        f"市委召开会议研究{word}工作要求各部门抓好落实" for word in ("养老", "医保", "环保")
    ] * 9
    learned = learn_familiarity(texts, [text * 40 for text in texts], min_df=2)
    assert len(learned.limits) == len(LENGTHS)
    assert learned.is_familiar([texts[0], "落" * 40, texts[0][:5]]).tolist() == [True, False, False]
