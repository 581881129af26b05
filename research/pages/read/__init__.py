"""Files → pages: text dumps, PDFs, saved e-papers.

May touch: articles and below. Does not know how a page is split.
"""
