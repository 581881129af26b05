"""Frames of pandas, polars and pyarrow, and their files, are corpora like any other."""

import datetime
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from research import (
    Article,
    Fields,
    InputError,
    SectionClassifier,
    read_config,
    read_corpus,
    write_corpus,
)
from research.articles.problems import Problems
from research.articles.tables import iter_rows
from research.training.train import hash_inputs

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")

COLUMNS = {
    "标题": ["水厂投产", None, "签约"],
    "正文": ["日供水十万吨。", "只有正文。", None],
    "日期": [datetime.datetime(2023, 1, 5, 8), datetime.datetime(2023, 1, 6), None],
    "版次": [4, None, 1],
    "类别": ["民生", "环保", None],
}
FRAMES = {
    "pandas": lambda: pandas.DataFrame(COLUMNS, index=["a", "b", "c"]),
    "categories": lambda: pandas.DataFrame(COLUMNS).astype({"类别": "category"}),
    "missing": lambda: pandas.DataFrame(COLUMNS).convert_dtypes(),
    "polars": lambda: polars.DataFrame(COLUMNS),
    "lazy": lambda: polars.LazyFrame(COLUMNS),
    "pyarrow": lambda: pyarrow.table(COLUMNS),
    "batch": lambda: pyarrow.record_batch(COLUMNS),
    "dicts": lambda: [
        dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)
    ],
}


def _check(articles):
    facts = [(a.headline, a.text, a.date, a.pages, a.section) for a in articles]
    assert facts == [
        ("水厂投产", "日供水十万吨。", "2023-01-05", (4,), "民生"),
        ("", "只有正文。", "2023-01-06", (), "环保"),
        ("签约", "", None, (1,), None),
    ]


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_is_a_corpus_and_what_is_missing_in_it_is_no_word(kind):
    _check(read_corpus(FRAMES[kind]()))


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_what_is_wrong_with_rows_of_a_frame_is_told_by_their_number(kind):
    rows = {"text": ["好", "", "好"], "date": ["2023", "2023", "2023-13-01"]}
    frame = getattr(sys.modules[kind], "DataFrame")(rows)  # noqa: B009
    with pytest.raises(InputError, match=r"(?s)frame:2: no text.*frame:3: .*no month 13"):
        read_corpus(frame)
    with pytest.raises(InputError, match=r"no row has the field 'txt'.*did you mean 'text'"):
        read_corpus(frame, Fields(text="txt"))
    with pytest.raises(InputError, match="a Series is one column; give the frame"):
        read_corpus(frame["text"])


def test_a_column_of_a_frame_can_be_predicted():
    texts, labels = ["水厂投产", "签约落户"] * 10, ["民生", "招商"] * 10
    for frame in (pandas.DataFrame({"text": texts}), polars.DataFrame({"text": texts})):
        model = SectionClassifier().fit(frame["text"], labels)
        assert list(model.predict(frame["text"])) == labels


@pytest.mark.parametrize("ending", ["parquet", "pq", "feather", "arrow"])
@pytest.mark.parametrize("program", ["pandas", "polars"])
def test_files_of_parquet_and_arrow(tmp_path, ending, program):
    path = tmp_path / f"a.{ending}"
    if program == "pandas":
        frame = FRAMES["pandas"]()
        frame.to_parquet(path) if ending in ("parquet", "pq") else frame.reset_index(
            drop=True
        ).to_feather(path)
    else:
        frame = FRAMES["polars"]()
        frame.write_parquet(path) if ending in ("parquet", "pq") else frame.write_ipc(path)
    _check(read_corpus(path))


def test_a_folder_of_parquet_parts_as_spark_writes_it(tmp_path):
    folder = tmp_path / "table"
    folder.mkdir()
    (folder / "_SUCCESS").touch()
    frame = FRAMES["polars"]()
    frame[:2].write_parquet(folder / "part-00000.snappy.parquet")
    frame[2:].write_parquet(folder / "part-00001.snappy.parquet")
    articles = read_corpus(folder)
    _check(articles)
    assert len({article.id for article in articles}) == 3


def test_a_folder_of_parts_is_an_input_of_a_training(tmp_path):
    (tmp_path / "parts").mkdir()
    polars.DataFrame(COLUMNS).write_parquet(tmp_path / "parts/part-0.parquet")
    (tmp_path / "x.toml").write_text(
        'task = "themes"\n[corpus]\npath = "parts"\n[topics]\nn_topics = 2\n', "utf-8"
    )
    inputs = hash_inputs(read_config(tmp_path / "x.toml"), tmp_path)
    assert list(inputs) == ["parts/part-0.parquet"]


def test_a_stream_of_arrow_and_texts_as_lists(tmp_path):
    path = tmp_path / "a.arrows"
    table = pyarrow.table({"text": [["一段。", "二段。"]], "date": [datetime.date(2023, 1, 5)]})
    with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_stream(file, table.schema) as out:
        out.write_table(table)
    (article,) = read_corpus(path)
    assert (article.paragraphs, article.date) == (("一段。", "二段。"), "2023-01-05")


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_what_is_written_comes_back(tmp_path, ending):
    articles = [
        Article(
            headline="甲",
            paragraphs=("一", "二"),
            date="2023-01-05",
            pages=(4,),
            lines=((1, 3),),
            id="a",
        ),
        Article(
            kind="brief",
            paragraphs=("三",),
            boxes=((0.0, 1.0, 2.0, 3.5),),
            pages=(2,),
            confidence=0.5,
            id="b",
        ),
    ]
    path = tmp_path / f"a.{ending}"
    write_corpus(articles, path)
    assert read_corpus(path) == articles


def test_a_damaged_file_and_a_missing_package_say_so(tmp_path, monkeypatch):
    for ending in ("parquet", "arrow"):
        (tmp_path / f"a.{ending}").write_bytes(b"PAR1 no table" * 9)
        with pytest.raises(InputError, match=f"no {ending} file, or a damaged one"):
            read_corpus(tmp_path / f"a.{ending}")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'chinese-newspapers\[parquet\]'"):
        read_corpus(tmp_path / "a.parquet")
    assert read_corpus([{"text": "好"}])[0].id == "row:1"


CELLS = st.one_of(st.none(), st.text(st.characters(blacklist_categories=("Cs",)), max_size=30))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_any_text_in_a_parquet_file_comes_back(tmp_path, rows):
    path = tmp_path / "a.parquet"
    columns = {"headline": [row[0] for row in rows], "text": [row[1] for row in rows]}
    pyarrow.parquet.write_table(pyarrow.table(columns, schema=SCHEMA), path)
    assert [(row["headline"], row["text"]) for _, row in iter_rows(path, Problems())] == rows


SCHEMA = pyarrow.schema([("headline", pyarrow.string()), ("text", pyarrow.string())])
