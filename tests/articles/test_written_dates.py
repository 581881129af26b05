"""Dates as people and programs write them: read whole, or refused with the value in the message."""

import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from research.articles.date_column import DateColumn
from research.articles.dates import day_in_path, day_in_text, iso_date
from research.articles.numerals import arabic_dates

days = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))
CHINESE = "〇一二三四五六七八九"


def in_chinese(number):
    tens, ones = divmod(number, 10)
    if tens == 0:
        return CHINESE[ones]
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(days)
def test_any_day_is_read_in_chinese_characters_and_in_full_width(day):
    year = "".join(CHINESE[int(digit)] for digit in str(day.year))
    written = f"{year}年{in_chinese(day.month)}月{in_chinese(day.day)}日"
    assert iso_date(written) == day_in_text(f"栖川日报 {written} 星期四") == day.isoformat()
    assert day_in_path(f"/栖川/{written}/01.txt") == day.isoformat()
    assert iso_date(full_width(f"{day.year}-{day.month}-{day.day}")) == day.isoformat()
    assert iso_date(full_width(f"{day.year}年{day.month}月{day.day}日")) == day.isoformat()


@given(days, st.times(), st.sampled_from(("", "Z", "+08:00", "+0800", ".000Z", "[Asia/Shanghai]")))
def test_a_day_with_a_time_is_the_day_as_written_whatever_its_zone(day, time, zone):
    assume((time.hour, time.minute, time.second) != (16, 0, 0))  # Midnight in China.
    for moment in (f"{day}T{time:%H:%M:%S}{zone}", f"{day:%Y年%m月%d日} {time:%H:%M}"):
        assert iso_date(moment) == day.isoformat()


@pytest.mark.parametrize(
    "written",
    [
        "2023年1月5日08:30",
        "2023年1月5日 8时30分",
        "2023年1月5日晚8点",
        "2023/1/5 上午 08:30:00",
        "2023-1-5 8:30 PM",
        "2023年01月05日（星期四）",
        "星期四 2023年1月5日 农历壬寅年十二月十四",
        "发布时间：2023-01-05 10:00 来源：栖川日报",
        "【2023—01—05】",
        "2023.01.05.",
        "2023·1·5",
        "2023 年 1 月 5 号",
        "2023-01-05 第03版",
        "2023-01-05 08:30:00 +0800 CST",
        "20230105",
        "20230105083000",
        "20230105T083000Z",
        "20230105.0",
        "2023\u200b年1月5日",
        "二零二三年元月五日",
        "二○二三年一月五日上午",
        "二Ｏ二三年一月五日",
        "贰零贰叁年壹月伍日",
        "二千零二十三年一月五日",
        "Jan 5, 2023",
        "5th January 2023",
        "Thu, 05 Jan 2023 08:30:00 +0800",
        "Thu Jan 05 08:30:00 CST 2023",
        "1672876800",
        "1672876800000",
    ],
)
def test_forms_of_news_sites_spreadsheets_and_hands(written):
    assert iso_date(written) == "2023-01-05"


@pytest.mark.parametrize(
    "value",
    [
        "2023-01-05 至 2023-01-08",
        "2023年1月5日至7日",
        "2023年1-2月",
        "2023/1/5-7",
        "2023年第1期",
        "2023年一季度",
        "2023年1月上旬",
        "2023-01-05 2024-01-05",
        "2023-01-05-08",
        "2023-01-05 25:00",
        "2023-01-055",
        "二〇二三年正月初五",
        "癸卯年正月初五",
        "一月五日",
        "01-05 08:30",
        "3小时前",
        "昨天",
        "23-1-5",
        "1/5/2023",
        "44931",
        "230105",
        "0023-01-05",
        "2023-02-29",
        "########",
        "9" * 300,
        "",
    ],
)
def test_what_is_not_wholly_a_date_is_refused(value):
    with pytest.raises(ValueError, match=r"date|year|day|month"):
        iso_date(value)


def read(*values):
    column = DateColumn(lambda: values)
    dates = []
    for value in values:
        try:
            dates.append(column.read(value))
        except ValueError:
            dates.append(None)
    return dates


def test_years_of_two_digits_are_of_the_century_of_the_others():
    assert read("2023-01-05", "23-1-6", "'22.12.31", "98年5月")[1:] == [
        "2023-01-06",
        "2022-12-31",
        "1998-05",
    ]
    assert read("1998-01-05", "99-1-5", "04-12-31 08:30")[1:] == ["1999-01-05", "2004-12-31"]
    assert read("1998-05-01", "九九年五月一日")[1:] == ["1999-05-01"]
    assert read("2008-05-12", "〇五年十月二日")[1:] == ["2005-10-02"]
    assert read("1930-01-05", "2020-05-06", "25-1-5")[2] is None  # Of either century.
    assert read("23-1-5", "23-1-6") == [None, None]  # No other date names a century.


def test_the_order_of_day_and_month_is_that_of_the_column():
    assert read("1/5/2023", "12/25/2023") == ["2023-01-05", "2023-12-25"]
    assert read("1/5/2023", "25/12/2023") == ["2023-05-01", "2023-12-25"]
    assert read("1/5/2023", "2/6/2023", "3/3/2023") == [None, None, "2023-03-03"]


def test_numbers_of_a_spreadsheet_are_days_in_a_column_of_them():
    assert read("44931", "44932.0", "44933.75") == ["2023-01-05", "2023-01-06", "2023-01-07"]
    assert read("44931", "2023-01-06", "15000", "不详") == ["2023-01-05", "2023-01-06", None, None]
    assert read("20231", "20232") == [None, None]  # Days of 1955, or months of 2023.
    assert read("230105", "230231", "230228", "2023-01-05")[0] == "2023-01-05"
    assert read("202301", "202302") == ["2023-01", "2023-02"]


def test_the_others_are_read_only_where_they_matter():
    def refuse():
        raise AssertionError

    assert DateColumn(refuse).read("2023年1月5日") == "2023-01-05"


@given(st.text("0123456789-/.年月日:T一二十〇 上午", max_size=24))
def test_no_value_is_read_as_a_date_without_its_digits(value):
    try:
        date = iso_date(value)
    except ValueError:
        return
    year = date[:4]
    assert year in arabic_dates(value) or value.strip().startswith("1")


@pytest.mark.parametrize(
    "written",
    [
        "2023-01-04T16:00:00Z",
        "2023-01-04 16:00:00.000+00:00",
        "2023-01-04T16:00:00 UTC",
        "二〇二三·一·五",
        "公元2023年1月5日",
        "2023-01-05 癸卯年十二月十四",
        "2023年1月5日 阴历腊月十四",
    ],
)
def test_midnight_in_china_and_days_beside_other_calendars(written):
    assert iso_date(written) == "2023-01-05"


@pytest.mark.parametrize(
    "path",
    [
        "民国二十三年五月三日/01.txt",
        "民國廿三年/05/03/01.txt",
        "民国二十三年/五月/三日/01.txt",
        "晨钟报_民国23年5月3日_01.txt",
        "昭和九年五月三日/1.txt",
    ],
)
def test_a_path_names_a_day_of_the_republic_or_of_a_reign(path):
    assert day_in_path(f"/栖川/{path}") == "1934-05-03"


def test_a_line_names_a_day_of_the_republic_but_none_of_the_lunar_calendar():
    assert day_in_text("中華民國二十三年五月三日　星期四　第二版") == "1934-05-03"
    assert day_in_text("民国廿三年五月初三日") is None
    assert day_in_text("光绪三十年五月三日") is None
