"""Training: an experiment file → a run. Reads the corpus, fits the model, describes it, writes it.

May touch: everything but the command line.
"""
