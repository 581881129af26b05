"""A page → its articles.

In the order of work: ``lines`` and ``asides`` sort what a line can be, ``blocks`` groups them;
``evidence`` and ``shared_words`` observe, ``network`` scores what was observed, ``states`` and
``chain`` find the most probable parts that print allows, with the learned ``weights``; ``page``
reads the articles off, ``compose`` makes them, ``heal`` joins their lines; ``reasons`` words why.
``MODEL_CARD.md`` describes the weights.

May touch: ``marks``, articles and below, and the ``Page`` of ``read``.
"""
