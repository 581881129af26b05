"""The line that names the paper, the day and the page of an article."""

from __future__ import annotations

import re

SOURCE_LINE = re.compile(
    r"""
    《[^《》]{1,20}》 \s{0,8} [（(]? \s{0,8}
    (\d{4}\D{1,3}\d{1,2}\D{1,3}\d{1,2}\s{0,4}日?)     # the date
    \s{0,8} (?:星期.)? [\s,，]{0,8} 第? \s{0,4}
    ([A-Za-z]{0,2}\d{1,3}) \s{0,4} 版                 # the page
    [^（）()]{0,12} [）)]?
    """,
    re.VERBOSE,
)
"""《栖川日报》（2024年03月05日 第 01 版）, as many e-papers close or open an article."""
