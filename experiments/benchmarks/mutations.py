"""Whether any page breaks the splitter: pages cut, shuffled, doubled, cropped, with random characters and bytes.

Every non-blank line must come out once, an article's or set aside. `mutations.py [COUNT]`; exit code 1 if one failed.
"""

from __future__ import annotations

import random
import sys

from layout import any_style, set_page, sources

from research import Page, layout_of


def mutate(lines: list[str], rng: random.Random) -> list[str]:
    i, j = sorted((rng.randrange(len(lines) + 1), rng.randrange(len(lines) + 1)))
    match rng.choice(("cut", "double", "shuffle", "crop", "characters", "bytes", "blanks")):
        case "cut":
            return lines[:i] + lines[j:]
        case "double":
            return lines[:j] + lines[i:j] + lines[j:]
        case "shuffle":
            return lines[:i] + rng.sample(lines[i:j], j - i) + lines[j:]
        case "crop":
            return [
                line[: rng.randint(0, len(line))] if rng.random() < 0.1 else line for line in lines
            ]
        case "characters":
            ranges = ((1, 0x2FF), (0x2000, 0x33FF), (0x4E00, 0x9FFF), (0xFF00, 0xFFEF))
            return [
                *lines[:i],
                "".join(chr(rng.randint(*rng.choice(ranges))) for _ in range(rng.randint(1, 30))),
                *lines[i:],
            ]
        case "bytes":
            return [
                bytes(
                    b if rng.random() > 0.01 else rng.randrange(256) for b in line.encode("gb18030")
                ).decode("gb18030", "replace")
                for line in lines
            ]
        case _:
            return [
                piece for line in lines for piece in ((line, "") if rng.random() < 0.1 else (line,))
            ]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rng, articles, failed = random.Random(77), sources(), 0
    for _ in range(count):
        lines = list(
            set_page(any_style(rng), rng.sample(articles, rng.randint(1, 4)), rng)[0].lines
        )
        for _ in range(rng.randint(1, 5)):
            lines = mutate(lines or [""], rng)[:600]
        layout = layout_of(Page(tuple(lines)))
        found = [
            n
            for article in layout.articles
            for first, last in article.lines
            for n in range(first, last + 1)
        ]
        taken = sorted([*found, *(entry.line for entry in layout.aside)])
        filled = [n for n, line in enumerate(lines, 1) if line.strip().strip("\ufeff")]
        failed += len(taken) != len(set(taken)) or not set(filled) <= set(taken)
    print(f"{count:,} mutated pages: {failed} with a line lost or doubled, no crash")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
