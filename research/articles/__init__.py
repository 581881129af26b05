"""Articles: what one is, and the readers of corpora, tables, HTML and text files that give them.

May touch: errors, files, toml. Knows nothing of pages, words or models.
"""
