"""The one error a user meets."""

from __future__ import annotations

import errno

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


class InputError(ValueError):
    """Something given from outside is wrong: a file, a row, a config key, a run folder.

    The message is one line: where (file, line), what was found, what to do.
    The command line prints it and exits with code 2.
    """


DISTRIBUTION = "chinese-newspapers"  # On the package index, where "research" is another's name.


def missing_extra(need: str, extra: str) -> InputError:
    """Return an error that says what is missing and how to add it.

    Parameters
    ----------
    need
        What cannot be done without, such as ``reading PDF needs pypdfium2``.
    extra
        The extra of the distribution that has it.
    """
    return InputError(f"{need}; install it: pip install '{DISTRIBUTION}[{extra}]'")


def message_of(error: OSError) -> str:
    """Return where an error of the system occurred, what it is, and what to do about it."""
    place = error.filename or "the disk"
    if error.errno in _DISK_FULL:
        return (
            f"{place}: no space left; free some and run it again "
            "(what was there before is unchanged)"
        )
    if error.errno in _NOT_ALLOWED:
        return (
            f"{place}: no permission to write there; "
            "choose another folder with --runs, or change its mode"
        )
    return f"{place}: {error.strerror or error}"
