"""Text dumps: what their names say of the page."""

import pytest

from research import read_page


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("202312/20/01.txt", 1),
        ("2023-12/20/A02.txt", 2),
        ("20231220-03.txt", 3),
        ("04-20231220.txt", 4),
        ("D20231220_05.txt", 5),
        ("2023/1220/第06版.txt", 6),
        ("2023年12月20日/page 7.txt", 7),
        ("2023.12.20/头版.txt", None),
    ],
)
def test_day_and_page_number_come_from_the_path(tmp_path, name, number):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("望江大桥昨日合龙，全长一千二百米。\n", "utf-8")
    page = read_page(path)
    assert (page.date, page.number) == ("2023-12-20", number)
