"""Saved e-papers → issues, their pages and articles.

``issue`` finds an issue's files, reads them and joins pages and articles; ``form`` says what a form
of e-paper must give; each form is one file (``founder``) and one entry of ``issue.FORMS``;
``saved_html`` reads what all forms share. Fetches nothing.
"""

from research.pages.read.epaper.issue import (
    Issue,
    IssuePage,
    files_of_epaper,
    issue_folders,
    read_issue,
)

__all__ = ["Issue", "IssuePage", "files_of_epaper", "issue_folders", "read_issue"]
