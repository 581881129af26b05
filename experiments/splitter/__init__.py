"""What ``fit_splitter.py`` learns with.

``examples`` observes set pages, ``batch`` has their loss, ``fit`` descends its gradient.
"""
