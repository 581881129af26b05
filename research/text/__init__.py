"""Text → tokens, n-grams and counts: the segmenter, its word lists, new words, word vectors.

May touch: articles and below. The one door to jieba and rjieba.
"""
