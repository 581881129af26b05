"""Files → pages: ``files`` is the door; ``text`` dumps, ``pdf``, saved e-papers (``epaper``).

``page`` is what all readers give, ``folio`` the day and number of a page, ``reading_order`` puts
print in order by its place.

May touch: marks, articles and below. Does not know how a page is split.
"""
