"""``python -m research``: the command line. What it can do is in ``research.cli``."""

from research.cli import main

main()
