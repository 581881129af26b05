"""Pages → articles: ``page`` reads, ``lines`` says what a line can be, ``split`` assigns, ``heal`` joins."""

from research.pages.page import Page, read_page
from research.pages.split import split_page

__all__ = ["Page", "read_page", "split_page"]
