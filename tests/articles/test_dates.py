"""The day in a path: one rule for every form in which folders and files name a day."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.articles.dates import date_of, day_in_path, day_in_text, named_day, without_days

WHOLE_DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%Y.%m.%d", "%Y年%m月%d日")
SPLIT_DAYS = (
    "%Y-%m/%d",
    "%Y%m/%d",
    "%Y/%m/%d",
    "%Y/%m-%d",
    "%Y/%m%d",
    "%Y%m/%Y%m%d",
    "%Y年/%m月/%d日",
    "%Y年%m月/%d日",
    "%Y.%m/%d",
    "%Y_%m/%d",
    "%Y/%m月%d日",
    "%Y/%m/%m%d",
    "%Y-%m/%m-%d",
    "%Y/%Y-%m/%d",
    "%Y-%m%d",
    "%Y%m-%d",
)
FILES_WITH_DAY = ("{}.txt", "{}-01.txt", "01-{}.pdf", "D{}_03.txt", "栖川日报 {} 第04版.PDF")
PLAIN_FOLDERS = ("news", "栖川日报", "pc", "layout", "A01", "202401", "2024-02", "page 7", "v1.2")

days = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))
folders = st.lists(st.sampled_from(PLAIN_FOLDERS), max_size=5)


def path_of(*parts):
    return "/".join(("", *parts))


@given(days, st.sampled_from(WHOLE_DAYS + SPLIT_DAYS), folders, folders)
def test_any_day_is_read_from_folders_in_any_form_at_any_depth(day, form, above, below):
    folder = day.strftime(form)
    assert day_in_path(path_of(*above, folder, *below)) == day.isoformat()
    assert day_in_path(path_of(*above, folder, *below, "01.txt")) == day.isoformat()
    assert named_day(path_of(*above, folder, *below)).place.as_posix() == path_of(*above, folder)


@given(days, st.sampled_from(WHOLE_DAYS), st.sampled_from(FILES_WITH_DAY), folders)
def test_any_day_is_read_from_the_name_of_a_file(day, form, file, above):
    path = path_of(*above, file.format(day.strftime(form)))
    assert day_in_path(path) == day.isoformat()
    assert named_day(path).place.as_posix() == path


@given(days, days, st.sampled_from(WHOLE_DAYS + SPLIT_DAYS), st.sampled_from(WHOLE_DAYS), folders)
def test_the_name_nearest_to_the_file_decides(far, near, far_form, near_form, between):
    folder = path_of(far.strftime(far_form), *between)
    assert day_in_path(f"{folder}/{near.strftime(near_form)}/01.txt") == near.isoformat()
    assert day_in_path(f"{folder}/{near.strftime(near_form)}-01.txt") == near.isoformat()


@given(st.text("0123456789", min_size=9, max_size=16))
def test_digits_inside_a_longer_number_are_no_day(number):
    assert day_in_path(f"/news/content_{number}.htm") is None
    assert day_in_path(f"/news/{number}/01.txt") is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("202312/20/01.txt", "2023-12-20"),
        ("202312/20/01/3.txt", "2023-12-20"),
        ("2023/12/10/05/1.txt", "2023-12-10"),
        ("2023-12-20/202401/01.txt", "2023-12-20"),
        ("202312/20/2024-01/01.txt", "2023-12-20"),
        ("2023-1-5.txt", "2023-01-05"),
        ("2023/1/5/01.txt", "2023-01-05"),
        ("栖川日报2023年/12月/20日/01.txt", "2023-12-20"),
        ("2023/12月20日.txt", "2023-12-20"),
        ("2023年12月/20日.txt", "2023-12-20"),
        ("2023-02-31 2023-03-01.txt", "2023-03-01"),
        ("2023-12-20/2023-13-45/01.txt", "2023-12-20"),
        ("2024-02-29/01.txt", "2024-02-29"),
    ],
)
def test_cases_of_several_folders(path, day):
    assert day_in_path(f"/news/{path}") == day


@pytest.mark.parametrize(
    "path",
    [
        "202312/01.txt",
        "2023-12/01.txt",
        "2023/12/01.txt",
        "2023/1220.txt",
        "2023/12-20.txt",
        "202312-20.txt",
        "2023-1220.txt",
        "2023-12_20.txt",
        "2023/20/01.txt",
        "2023-11/12-20/01.txt",
        "12/20/01.txt",
        "2023-02-31/01.txt",
        "2023-02-29/01.txt",
        "20231301/01.txt",
        "202313/20/01.txt",
        "202302/31/01.txt",
        "2023-12-00/01.txt",
        "1820-12-20/01.txt",
        "html/content_1102312201.htm",
        "rmrb2023122001.pdf",
        "202312/01版/1.txt",
        "1.2023.12.txt",
    ],
)
def test_what_names_no_day(path):
    assert day_in_path(f"/news/{path}") is None


def test_a_relative_path_counts_from_the_working_folder(tmp_path, monkeypatch):
    folder = tmp_path / "202312" / "20"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert day_in_path("01.txt") == day_in_path(".") == "2023-12-20"
    assert day_in_path("../21/01.txt") == "2023-12-21"


def test_a_day_in_the_text_comes_after_the_files_name_and_before_its_folders(tmp_path):
    folder = tmp_path / "2023-12-20"
    lines = ["栖川日报", "2023年 12月 21日 星期四"]
    assert date_of(folder / "2023-12-22.txt", lines) == "2023-12-22"
    assert date_of(folder / "01.txt", lines) == "2023-12-21"
    assert date_of(folder / "01.txt", lines[:1]) == "2023-12-20"
    assert day_in_text("发布时间：2023/12/20 10:22") == "2023-12-20"


def test_without_days_leaves_the_page_number():
    assert without_days("D20231220_03") == "D _03"
    assert without_days("content_1102312201") == "content_1102312201"
