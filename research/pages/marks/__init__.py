"""The marks that print leaves in a text: news leads and bylines, jumps, notices, stray spaces.

Both stations read them: ``read`` in the articles of e-papers, ``split`` in the lines of a page.
May touch: articles and below.
"""
