"""The engine of topic models: a document–term matrix in, topics out; it knows no dates.

May touch: text, config and below. The one door to gensim and numba.
"""
