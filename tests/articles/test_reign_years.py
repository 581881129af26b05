"""Dates of the Republic and of reigns: read where they are certain, refused with a reason."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.articles.dates import iso_date
from research.articles.numerals import chinese_number

DIGITS = "〇一二三四五六七八九"


def with_tens(number):
    """Write a number below 100 as 二十三."""
    tens, ones = divmod(number, 10)
    written = "" if tens == 0 else ("" if tens == 1 else DIGITS[tens]) + "十"
    return written + (DIGITS[ones] if ones or not tens else "")


def short(number):
    """Write a number below 40 as 廿三."""
    for tens, sign in ((30, "卅"), (20, "廿")):
        if number >= tens:
            return sign + (DIGITS[number - tens] if number > tens else "")
    return with_tens(number)


def full_width(number):
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


def one_by_one(number):
    return "".join(DIGITS[int(digit)] for digit in str(number))


@given(st.integers(1, 39))
def test_numbers_are_read_however_they_are_written(number):
    for write in (str, with_tens, short, full_width, one_by_one):
        assert chinese_number(write(number)) == number


@given(
    st.dates(datetime.date(1912, 1, 1), datetime.date(1949, 12, 31)),
    st.sampled_from((str, with_tens, short, full_width)),
    st.sampled_from(("民国{}年{}月{}日", "中華民國 {} 年 {} 月 {} 日", "民國{}年{}月{}號 星期三")),
)
def test_any_day_of_the_republic_is_read(day, write, form):
    numbers = (day.year - 1911, day.month, day.day)
    assert iso_date(form.format(*map(write, numbers))) == day.isoformat()


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("民国二十三年", "1934"),
        ("民国元年", "1912"),
        ("民國卅八年十月", "1949-10"),
        ("民国二三年", "1934"),
        ("民国23", "1934"),
        ("民國112/05/03", "2023-05-03"),
        ("民国23.5.3", "1934-05-03"),
        ("民国二十三年甲戌", "1934"),
        ("民国甲戌年", "1934"),
        ("民国二十三年五月三日 夏历三月二十日", "1934-05-03"),
        ("中华民国二十三年五月三日（农历甲戌年三月二十日）星期四", "1934-05-03"),
        ("民国二十三年国历五月三日", "1934-05-03"),
        ("民国23年5月3日 08:30", "1934-05-03"),
        ("民国二十三年（1934年）五月三日", "1934-05-03"),
        ("民国二十三年五月三日（星期四）晚8点", "1934-05-03"),
        ("1934年（民国23年）5月3日", "1934-05-03"),
        ("一九三四年五月三日（民国二十三年）", "1934-05-03"),
        ("光绪三十年", "1904"),
        ("清光緒三十年（甲辰）", "1904"),
        ("光绪甲辰年", "1904"),
        ("光绪三十年（1904）", "1904"),
        ("光绪三十年五月初三（1904年6月16日）", "1904-06-16"),
        ("1904-06-16（光绪三十年五月初三日）", "1904-06-16"),
        ("光绪三十年十二月初一日 1905年1月6日", "1905-01-06"),
        ("宣统三年", "1911"),
        ("昭和9年5月3日", "1934-05-03"),
        ("昭和元年十二月廿五日", "1926-12-25"),
        ("满洲国康德元年", "1934"),
        ("明治三十七年六月十六日", "1904-06-16"),
        ("大正３年", "1914"),
        ("令和5年", "2023"),
    ],
)
def test_years_of_reigns_are_western_years(written, iso):
    assert iso_date(written) == iso


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("光绪三十年五月三日", "lunar calendar"),
        ("光绪三十年五月", "lunar calendar"),
        ("光绪三十年五月初三（1904）", "lunar calendar"),
        ("民国二十三年农历三月二十日", "lunar calendar"),
        ("民国二十三年正月", "lunar calendar"),
        ("民国二十三年三月初五", "lunar calendar"),
        ("民国二十三年闰三月", "lunar calendar"),
        ("民国二十三年三月廿", "lunar calendar"),
        ("民国二十三年腊月廿三", "lunar calendar"),
        ("明治三年五月三日", "from 1873-01-01"),
        ("昭和元年五月", "from 1926-12-25"),
        ("光绪四十年", "from 1 to 34"),
        ("宣统四年", "from 1 to 3"),
        ("民国0年", "from 1 to"),
        ("民国1934年", "not a date"),
        ("民国二十三年乙亥", "not 乙亥"),
        ("民国二十三年十三月", "no month 13"),
        ("民国二十三年二月三十日", "28 days"),
        ("民国二十三年五月上旬", "not a date"),
        ("民国二十三年五月三日至五日", "not a date"),
        ("2023年农历五月初三", "lunar calendar"),
        ("民国二十三五月", "not a date"),
        ("民国235月3日", "not a date"),
        ("民国初年", "not a date"),
        ("民国二十三至二十五年", "not a date"),
        ("民国二十三年五月三日（1935年5月3日）", "contradicts itself"),
        ("光绪三十年（1914）", "contradicts itself"),
    ],
)
def test_what_is_not_certain_is_refused_with_a_reason(written, reason):
    with pytest.raises(ValueError, match=reason) as error:
        iso_date(written)
    assert written in str(error.value)
