"""The command line: one thin function per verb, in the order of ``--help``."""

from research.cli import labels, pages, runs, themes
from research.cli.app import app, main

__all__ = ["app", "labels", "main", "pages", "runs", "themes"]
