"""A page → its articles.

In the order of work: ``lines`` says what a line can be, ``blocks`` what a group of them;
``evidence`` and ``shared_words`` observe, ``network`` weighs what was observed, ``chain`` finds
the most probable parts that print allows; ``page`` reads the articles off, ``compose`` makes
them, ``heal`` joins their lines.

May touch: articles and below, and the ``Page`` of ``read``.
"""
