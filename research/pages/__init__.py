"""Pages → articles: ``page`` reads dumps, ``pdf`` PDFs, ``epaper`` saved e-papers; ``lines`` says what a line can be,
``blocks`` what a group of them, ``evidence`` and ``words`` what speaks for each being what, ``chain`` which parts print
allows and which are most probable, ``split`` reads articles off, ``compose`` makes them, ``heal`` joins their lines;
``jumps`` joins articles over the pages of an issue, ``corrections`` holds what a person knows better, ``archive`` takes
years of issues, ``whole`` files that are articles already, ``draw`` shows a page.
"""

from research.pages.epaper import Issue, IssuePage, issue_folders, read_issue
from research.pages.jumps import join_jumps, split_issue
from research.pages.page import Page, read_page, read_pages
from research.pages.split import Layout, layout_of, split_page

__all__ = [
    "Issue",
    "IssuePage",
    "Layout",
    "Page",
    "issue_folders",
    "join_jumps",
    "layout_of",
    "read_issue",
    "read_page",
    "read_pages",
    "split_issue",
    "split_page",
]
