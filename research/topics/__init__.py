"""The engine of topic models: a document–term matrix in, topics out; it knows no dates.

``model`` is what users see. A fit goes ``counts`` and ``parameters`` → ``start``
(``factorisation``) → ``fitting`` → ``cvb0`` (``priors``, ``kernels``) or ``gensim``; ``fitted``,
``inference`` and ``novelty`` read a fitted model; ``metrics`` and ``choose`` compare several.
``compiled`` is the door to numba, ``entrance`` checks what kernels are given, ``parallel`` is the
threads.

May touch: files, errors. No other folder imports gensim or numba.
"""
