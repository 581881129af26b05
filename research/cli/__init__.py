"""The command line: each verb parses its arguments, calls one function, and prints the result.

What a verb computes is in the package that it belongs to.
"""

from research.cli import explain, labels, pages, predict, runs, shape, themes, words
from research.cli.app import app, main

__all__ = ["app", "main"]

# In the order of --help, which is the order of the work.
for _verb in (
    pages.split,
    runs.train,
    runs.rerun,
    runs.compare,
    runs.report,
    runs.schema,
    predict.predict,
    explain.explain,
    explain.drift,
    labels.suggest,
    labels.agree,
    themes.themes,
    shape.shape,
    words.words,
):
    app.command()(_verb)
