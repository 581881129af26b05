"""Whether any page breaks the splitter.

Pages are cut, shuffled, doubled, cropped, and filled with random characters and bytes.
Every non-blank line must come out once, in an article or set aside. ``mutations.py [COUNT]``; exit
code 1 if one failed.
"""

from __future__ import annotations

import random
import sys

from experiments.layouts import any_style, set_page, sources
from research import Page, layout_of

_PAGES = 10_000
_MAX_LINES = 600
_MUTATIONS = ("cut", "double", "shuffle", "crop", "characters", "bytes", "blanks")
# Latin, punctuation marks and Japanese, Chinese, full-width forms.
_CHARACTER_RANGES = ((1, 0x2FF), (0x2000, 0x33FF), (0x4E00, 0x9FFF), (0xFF00, 0xFFEF))


def mutate(lines: list[str], rng: random.Random) -> list[str]:
    """Change a page's lines in one of the ways that _MUTATIONS names."""
    i, j = sorted((rng.randrange(len(lines) + 1), rng.randrange(len(lines) + 1)))
    match rng.choice(_MUTATIONS):
        case "cut":
            return lines[:i] + lines[j:]
        case "double":
            return lines[:j] + lines[i:j] + lines[j:]
        case "shuffle":
            return lines[:i] + rng.sample(lines[i:j], j - i) + lines[j:]
        case "crop":
            return [_crop(line, rng) for line in lines]
        case "characters":
            return [*lines[:i], _random_text(rng), *lines[i:]]
        case "bytes":
            return [_change_bytes(line, rng) for line in lines]
    return [piece for line in lines for piece in _with_blank(line, rng)]


def _crop(line: str, rng: random.Random) -> str:
    return line[: rng.randint(0, len(line))] if rng.random() < 0.1 else line


def _random_text(rng: random.Random) -> str:
    characters = []
    for _ in range(rng.randint(1, 30)):
        first, last = rng.choice(_CHARACTER_RANGES)
        characters.append(chr(rng.randint(first, last)))
    return "".join(characters)


def _change_bytes(line: str, rng: random.Random) -> str:
    changed = [
        byte if rng.random() > 0.01 else rng.randrange(256) for byte in line.encode("gb18030")
    ]
    return bytes(changed).decode("gb18030", "replace")


def _with_blank(line: str, rng: random.Random) -> tuple[str, ...]:
    return (line, "") if rng.random() < 0.1 else (line,)


def loses_or_doubles_lines(lines: list[str]) -> bool:
    """Split a page, and return whether a non-blank line does not come out just once."""
    layout = layout_of(Page(tuple(lines)))
    numbers = [entry.line for entry in layout.aside]
    for article in layout.articles:
        for first, last in article.lines:
            numbers.extend(range(first, last + 1))
    filled = {number for number, line in enumerate(lines, 1) if line.strip().strip("\ufeff")}
    return len(numbers) != len(set(numbers)) or not filled <= set(numbers)


def main() -> None:
    """Mutate pages, split them and count the failures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _PAGES
    rng = random.Random(77)
    articles = sources()
    failed = 0
    for _ in range(count):
        style = any_style(rng)
        page, _, _ = set_page(style, rng.sample(articles, rng.randint(1, 4)), rng)
        lines = list(page.lines)
        for _ in range(rng.randint(1, 5)):
            lines = mutate(lines or [""], rng)[:_MAX_LINES]
        failed += loses_or_doubles_lines(lines)
    print(f"{count:,} mutated pages: {failed} with a line lost or doubled, no crash")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
