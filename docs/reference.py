"""Write what the reference pages say of the code: keys, commands, Python names.

`python docs/reference.py` rewrites the part after the mark in each page; `--check` says whether a
page is out of date. What stands before the mark is written by hand.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer.main

import research
from research.cli import app
from research.config import json_schema

DOCS = Path(__file__).parent
LANGUAGES = ("en", "zh")
MARK = "<!-- Generated from the code by docs/reference.py: -->"

# Tables of an experiment file, in the order of the page: their class, and where they may stand.
TABLES = {
    'the file, task = "sections"': "SectionsExperiment",
    'the file, task = "themes"': "ThemesExperiment",
    "[corpus], [test], [[unlabelled]], [[corpus]]": "CorpusConfig",
    "fields of a corpus": "Fields",
    "[[also]]": "WeightedCorpus",
    "[tokens] of sections": "TokensConfig",
    "[tokens] of themes": "ThemesTokensConfig",
    "[[features]] char-tfidf": "CharTfidfConfig",
    "[[features]] word-tfidf": "WordTfidfConfig",
    "[[features]] word-count": "WordCountConfig",
    "[[features]] hashing": "HashingConfig",
    "[[features]] language": "LanguageConfig",
    "[[features]] vectors": "VectorsConfig",
    "[[features]] cues": "CuesConfig",
    "[classifier]": "ClassifierConfig",
    "[split]": "SplitConfig",
    "[rules]": "RulesConfig",
    "[study]": "StudyConfig",
    "[topics]": "TopicsConfig",
    "[time]": "TimeConfig",
}
_KINDS = {
    "object": "table",
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "`true`, `false`",
}
_LONG_DEFAULT = re.compile(r"= \(\w+Config\(.*?\)\)(?=[,)])")
_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)


def keys_page() -> str:
    """Return the keys of an experiment file as tables."""
    schema = json_schema()
    parts = []
    for title, name in TABLES.items():
        table = schema["$defs"][name]
        parts.append(f"## `{title}`\n\n{_cell(table.get('description', ''))}\n")
        parts.append("| key | values | where left out | meaning |\n|---|---|---|---|")
        required = table.get("required", [])
        for key, facts in table["properties"].items():
            default = "required" if key in required else _default(facts)
            meaning = _cell(facts.get("description", ""))
            parts.append(f"| `{key}` | {_kind(facts)} | {default} | {meaning} |")
        parts.append("")
    return "\n".join(parts)


def commands_page() -> str:
    """Return every command with its arguments and options."""
    group: Any = typer.main.get_command(app)
    parts = []
    for name, command in group.commands.items():
        context = command.context_class(command, info_name=f"python -m research {name}")
        usage = " ".join(command.collect_usage_pieces(context))
        parts.append(f"## `{name}`\n")
        parts.append(f"```text\npython -m research {name} {usage}\n```\n")
        parts.append(f"{_paragraphs(command.help or '')}\n")
        parts.append("| | |\n|---|---|")
        for parameter in command.params:
            meaning = _cell(getattr(parameter, "help", None) or "")
            parts.append(f"| `{_spelling(parameter, context)}` | {meaning} |")
        parts.append("")
    return "\n".join(parts)


def python_page() -> str:
    """Return every public name with its signature and docstring."""
    parts = []
    for name in research.__all__:
        thing = getattr(research, name)
        if not callable(thing):
            parts.append(f"## `{name}`\n\n`{thing!r}`\n")
            continue
        parts.append(f"## `{name}`\n\n{_described(name, thing)}")
        if inspect.isclass(thing):
            for method_name, method in _methods(thing):
                parts.append(f"### `{name}.{method_name}`\n\n{_described(method_name, method)}")
    return "\n".join(parts)


def _methods(thing: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public methods that a class or a parent of ours defines, with a docstring."""
    for name, member in inspect.getmembers(thing):
        if name.startswith("_") or not inspect.isroutine(member) or not member.__doc__:
            continue
        if (getattr(member, "__module__", "") or "").startswith("research"):
            yield name, member


def _described(name: str, thing: Any) -> str:
    signature = _signature(thing)
    signature = re.sub(r"<[^<>]* object at 0x[0-9a-f]+>", "…", signature)
    signature = _LONG_DEFAULT.sub("= …", signature)
    signature = re.sub(r"\bresearch(?:\.\w+)+\.", "", signature).replace("'", "")
    return f"```text\n{name}{signature}\n```\n\n{_docstring(inspect.getdoc(thing) or '')}\n"


def _signature(thing: Any) -> str:
    """Return a signature; of a table of an experiment file its keys, whose page says the rest."""
    keys = getattr(thing, "model_fields", None)
    if keys is not None:
        return f"(*, {', '.join(keys)})"
    try:
        return str(inspect.signature(thing))
    except (TypeError, ValueError):
        return "(…)"


def _docstring(text: str) -> str:
    """Return a numpy docstring as Markdown: its sections as lists."""
    pieces = _SECTION.split(text)
    parts = [_plain(pieces[0].strip())]
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        parts.append(f"**{title}**\n")
        is_prose = title in ("Examples", "Notes", "References", "See Also")
        parts.append(f"```text\n{body.strip()}\n```" if is_prose else _items(body))
    return "\n\n".join(part for part in parts if part)


def _items(body: str) -> str:
    """Return the entries of a section, each a name with an indented text, as a list."""
    lines = []
    for line in body.strip("\n").splitlines():
        if line and not line.startswith(" "):
            lines.append(f"- `{line.strip()}`:")
        elif line.strip():
            lines.append(f"  {line.strip()}")
    return _plain("\n".join(lines))


def _plain(text: str) -> str:
    """Return reStructuredText of docstrings as Markdown."""
    text = re.sub(r":\w+:`([^`]+)`", r"`\1`", text)
    text = text.replace("``", "`")
    return re.sub(r"(?m)^>>> .*(?:\n(?!\n).*)*", lambda match: f"```text\n{match[0]}\n```", text)


def _paragraphs(text: str) -> str:
    return _plain(inspect.cleandoc(text)).replace("\\[", "[")


def _spelling(parameter: Any, context: Any) -> str:
    if parameter.param_type_name != "option":
        return (parameter.name or "").upper()
    names = ", ".join((*parameter.opts, *parameter.secondary_opts))
    value = parameter.metavar or parameter.display_type(context).strip("<>")
    return names if parameter.is_flag else f"{names} {value}"


def _kind(facts: dict[str, Any]) -> str:
    """Return what a key may be, in a few words."""
    if "enum" in facts:
        return ", ".join(f"`{_value(value)}`" for value in facts["enum"])
    if "const" in facts:
        return f"`{_value(facts['const'])}`"
    for word in ("anyOf", "oneOf"):
        if word in facts:
            kinds = [_kind(option) for option in facts[word] if option.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    if "$ref" in facts:
        return "a table"
    kind = facts.get("type", "")
    if kind == "array":
        return f"list of {_kind(facts.get('items', {})) or 'values'}"
    return _KINDS.get(kind, kind)


def _default(facts: dict[str, Any]) -> str:
    if "default" not in facts or facts["default"] is None:
        return "–"
    default = facts["default"]
    if isinstance(default, dict) and default:
        return "its own defaults"
    return f"`{_value(default)}`"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value).replace("'", '"')


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES: dict[str, Callable[[], str]] = {
    "experiment-file": keys_page,
    "commands": commands_page,
    "python": python_page,
}


def main() -> None:
    """Write the pages, or name those that are out of date."""
    outdated = []
    for name, build in PAGES.items():
        generated = build()
        for language in LANGUAGES:
            path = DOCS / language / "reference" / f"{name}.md"
            written = path.read_text("utf-8")
            head = written.partition(MARK)[0].rstrip()
            text = f"{head}\n\n{MARK}\n\n{generated.rstrip()}\n"
            if text != written:
                outdated.append(str(path))
                if "--check" not in sys.argv:
                    path.write_text(text, "utf-8")
    if "--check" in sys.argv and outdated:
        sys.exit("out of date, run python docs/reference.py: " + ", ".join(outdated))


if __name__ == "__main__":
    main()
