"""The one error a user meets."""

from __future__ import annotations


class InputError(ValueError):
    """Something given from outside is wrong: a file, a row, a config key, a run folder.

    The message is one line: where (file, line), what was found, what to do.
    The command line prints it and exits with code 2.
    """
