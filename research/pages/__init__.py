"""Pages → articles: ``page`` reads, ``lines`` says what a line can be, ``blocks`` what a group of them,
``split`` assigns, ``compose`` makes articles, ``heal`` joins their lines."""

from research.pages.page import Page, read_page
from research.pages.split import split_page

__all__ = ["Page", "read_page", "split_page"]
