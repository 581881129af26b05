"""What ``fit_splitter.py`` learns with: ``examples`` from set pages, ``batch`` with its loss, ``fit`` by gradient descent."""
