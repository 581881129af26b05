"""Pages → articles: ``read`` reads files into pages, ``split`` cuts a page into articles.

``marks`` are the marks of print that both read. ``jumps`` joins articles over the pages of an
issue, ``corrections`` holds what a person knows better, ``issues`` groups files by day, ``archive``
splits years of issues, ``drawing`` shows a page.

May touch: articles and below. Knows nothing of words or models.
"""
