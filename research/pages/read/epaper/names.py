"""Names of saved files and addresses of links → keys of pages and articles.

A mirror names one page in many ways: ``content_1.htm?div=-1`` is also ``content_1.htm%3Fdiv=-1``,
``content_1.htm@div=-1.html``, ``content_1 (1).htm``. All of them have one key. Reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from re import Pattern
from typing import NamedTuple
from urllib.parse import unquote

from research.articles.dates import day_in_path

_MAX_CHARACTERS = 1000  # Longer than this, an address is data, no name.
_NAME_AND_QUERY = re.compile(
    r"""
    (?P<stem>.+?) \. (?P<ending>s?html?|json)
    (?: (?![0-9A-Za-z])           # the end, a query, or a second ending
      | (?=[A-Za-z]{1,12}=)       # a query whose question mark was dropped
    )
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
# content_1@div=-1.htm, and where the mirror replaced more characters, content_1_div_-1.htm
_QUERY_IN_STEM = re.compile(r"[\W_](?:[A-Za-z]{1,12}=|div[\W_]).*", re.DOTALL | re.IGNORECASE)
_MARK_OF_COPY = re.compile(r"\s?(?:\(\d{1,3}\)|（\d{1,3}）|- ?(?:副本|Copy|copy)).*", re.DOTALL)
_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//([^/?#]*)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!//)")  # javascript:, mailto:

KeyOf = Callable[[Path], str]
"""Returns the key of a file, "" where the file is not of the kind."""


class Address(NamedTuple):
    """Where a link leads: the host ("" for a relative link), the path, the plain file name."""

    host: str
    path: str
    name: str


def plain_name(name: str) -> str:
    """Return a file's name without what a mirror added, in small letters; "" where it has none.

    >>> plain_name("content_1.htm%3Fdiv=-1")
    'content_1.htm'
    """
    if len(name) > _MAX_CHARACTERS:
        return ""
    unquoted = unquote(unquote(name))  # Some mirrors quote the percent sign again.
    match = _NAME_AND_QUERY.match(unquoted)
    if match is None:
        return ""
    stem = _QUERY_IN_STEM.sub("", match["stem"])
    stem = _MARK_OF_COPY.sub("", stem).rstrip(" _-@")
    return f"{stem}.{match['ending']}".lower()


def key_of(name: str) -> str:
    """Return a file's plain name without its ending: pages and articles are known by it."""
    return plain_name(name).rpartition(".")[0]


def address_of(link: str) -> Address:
    """Take a link, absolute or relative, apart."""
    link = link.strip().replace("\\", "/")
    if len(link) > _MAX_CHARACTERS or link.startswith("#") or _SCHEME.match(link):
        return Address("", "", "")
    host = ""
    if match := _HOST.match(link):
        host = match[1].lower()
        link = link[match.end() :]
    path, mark, query = link.partition("?")
    folder, slash, name = path.rpartition("/")
    plain = plain_name(name + mark + query)
    return Address(host, unquote(folder + slash + name), plain)


def linked_key(link: str, names: Pattern[str]) -> str:
    """Return the key of the file that a link leads to, "" where its name is none of *names*."""
    name = address_of(link).name
    return key_of(name) if names.fullmatch(name) else ""


def keys_by_name(names: Pattern[str]) -> KeyOf:
    """Return what gives the keys of files whose plain names are *names*."""

    def key(path: Path) -> str:
        name = plain_name(path.name)
        return key_of(name) if names.fullmatch(name) else ""

    return key


class Surroundings(NamedTuple):
    """What distinguishes links within an issue from others: its day, its hosts, its folder."""

    day: str | None
    hosts: frozenset[str]
    folder: Path

    def leads_elsewhere(self, link: str, page: Path) -> bool:
        """Return whether a link on a page names another day than the issue's."""
        day = _linked_day(address_of(link), page)
        return None not in (day, self.day) and day != self.day

    def leads_inside(self, link: str, page: Path) -> bool:
        """Return whether a link must lead to a file of the issue; a footer's to others need not."""
        address = address_of(link)
        day = _linked_day(address, page)
        if address.host and not self._is_own_host(address, page):
            return False
        return day == self.day

    def _is_own_host(self, address: Address, page: Path) -> bool:
        folders = page.resolve().parent.parts
        if (
            address.host in self.hosts or address.host in folders
        ):  # wget names a folder by the host.
            return True
        if self.hosts:
            return False
        # wget keeps the whole address of what it did not save: then the folders are the same.
        linked_folders = PurePosixPath(address.path).parts[1:-1]
        last_folders = folders[-len(linked_folders) :]
        return bool(linked_folders) and last_folders == linked_folders


def _linked_day(address: Address, page: Path) -> str | None:
    if address.host or address.path.startswith("/"):
        return day_in_path("/" + address.path.lstrip("/"))
    joined = page.absolute().parent
    for part in address.path.split("/")[:-1]:
        if part == "..":
            joined = joined.parent
        elif part not in ("", "."):
            joined = joined / part
    return day_in_path(joined)


def hosts_of(links: Iterable[str], names: frozenset[str]) -> frozenset[str]:
    """Return the hosts of the links that lead to some keys of the issue."""
    addresses = [address_of(link) for link in links]
    present = (address.host for address in addresses if key_of(address.name) in names)
    return frozenset(filter(None, present))
