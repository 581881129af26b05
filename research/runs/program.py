"""The program that trains: its version, a digest of its code, and the machine that it runs on."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from pathlib import Path

import research

# Folders of the package that decide nothing in a run's files.
_WITHOUT_EFFECT = frozenset(("cli", "__pycache__"))
_CPU_FACTS = Path("/proc/cpuinfo")  # Of Linux; elsewhere the platform's name has to do.


@cache
def code_digest() -> str:
    """Return SHA-256 of all files of the package that decide what is in a run."""
    folder = Path(research.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        has_effect = not _WITHOUT_EFFECT.intersection(name.parts)
        if path.is_file() and has_effect:
            content = hashlib.sha256(path.read_bytes())
            digest.update(f"{name.as_posix()}\n".encode())
            digest.update(content.digest())
    return digest.hexdigest()


def program() -> str:
    """Return the version of the package with the digest of its code."""
    return f"{research.__version__} {code_digest()}"


@cache
def processor() -> str:
    """Return the kind of processor: runs of two kinds may differ in the last bit."""
    name = platform.processor()
    if _CPU_FACTS.is_file():
        facts = _CPU_FACTS.read_text("utf-8", errors="replace")
        name = _model_name(facts) or name
    return f"{platform.machine()} {name}".strip()


def _model_name(facts: str) -> str:
    """Return the name of the first processor in /proc/cpuinfo, "" where it has none."""
    for line in facts.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return ""
