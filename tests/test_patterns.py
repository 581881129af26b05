"""No pattern takes more than linear time: each meets texts made to have it try again and again.

For every repetition in a pattern there are texts in which what it repeats stands thousands of times,
after what comes before it, and with an end that does not match. A pattern is called as the code
calls it: one that is only matched at a beginning is not searched for here either.
"""

import ast
import importlib
import pkgutil
import re
import time
from pathlib import Path
from re import _constants as codes
from re import _parser as parser

import pytest

import research
from research.articles.html import one_line, without_markup

LENGTHS = (300, 1_200, 4_800)
# A pattern of linear time needs less per character; of two lengths, the longer takes 4 times as long.
MIN_SECONDS_PER_CHARACTER = 2e-6
MAX_GROWTH = 8
SAMPLES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "版",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "版",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: " ",
}
CANDIDATES = " \t　版a1（(<>-=年月·、记者\n&@.Aé"


def modules():
    for module in pkgutil.walk_packages(research.__path__, "research."):
        if not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def calls(module):
    """Return the methods that the module calls on each of its names."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    methods = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            methods.setdefault(node.value.id, set()).add(node.attr)
    return methods


def patterns():
    """Yield each pattern of the package, with its name and the methods that meet input."""
    seen = {}
    for module in modules():
        methods = calls(module)
        for name, value in vars(module).items():
            group = value if isinstance(value, tuple | list) else (value,)
            for pattern in group:
                if not isinstance(pattern, re.Pattern) or not isinstance(pattern.pattern, str):
                    continue
                called = methods.get(name, set()) & set(dir(pattern))
                entry = seen.setdefault(pattern, (f"{module.__name__}.{name}", set()))
                entry[1].update(called)
    for pattern, (name, called) in seen.items():
        yield name, pattern, called or {"search"}


def sample(items):
    """Return a short text that the parsed items of a pattern match, as far as that is simple."""
    return "".join(map(sample_of, items))


def sample_of(item):
    code, value = item
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return next(c for c in CANDIDATES if ord(c) != value)
    if code is codes.ANY:
        return "版"
    if code is codes.IN:
        return sample_of_class(value)
    if code is codes.BRANCH:
        return sample(value[1][0])
    if code is codes.SUBPATTERN:
        return sample(value[3])
    if code is codes.ATOMIC_GROUP:
        return sample(value)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return sample(value[2]) * value[0]
    return ""


def sample_of_class(members):
    return next(iter(samples_of_class(members)), "")


def samples_of_class(members):
    """Return the candidates that a class of characters has, else its own first character."""
    inside = {c for c in CANDIDATES if in_class(members, c)}
    if inside:
        return sorted(inside, key=CANDIDATES.index)
    code, value = members[0]
    return [chr(value if code is codes.LITERAL else value[0])]


def in_class(members, character):
    negated = members[0][0] is codes.NEGATE
    met = False
    for code, value in members:
        if code is codes.LITERAL:
            met |= ord(character) == value
        elif code is codes.RANGE:
            met |= value[0] <= ord(character) <= value[1]
        elif code is codes.CATEGORY:
            met |= bool(re.match(CATEGORY_CLASSES[value], character))
    return met != negated


CATEGORY_CLASSES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}


def units(items, before=""):
    """Yield (what comes before a repetition, what it repeats) for every long repetition."""
    for item in items:
        code, value = item
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _, high, body = value
            if high > 60:
                for unit in bodies(body):
                    yield before, unit
            yield from units(body, before)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from units(branch, before)
        elif code is codes.SUBPATTERN:
            yield from units(value[3], before)
        elif code is codes.ATOMIC_GROUP:
            yield from units(value, before)
        before += sample_of(item)


def bodies(body):
    """Return texts that one round of a repetition matches."""
    if len(body) == 1:
        code, value = body[0]
        if code is codes.IN:
            return samples_of_class(value)[:6]
        if code is codes.BRANCH:
            return [sample(branch) for branch in value[1]]
        if code is codes.SUBPATTERN:
            return bodies(value[3])
        if code is codes.ANY:
            return ["版", " ", "1"]
    return [sample(body)]


def attacks(pattern, length):
    """Yield texts of about *length* characters."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    found = set(units(tree))
    starts = {sample(tree)} | {before for before, _ in found}
    for before, unit in found:
        for end in ("", "\x00", "版\x00"):
            yield before + unit * (length // max(1, len(unit))) + end
        whole = before + unit
        yield whole * (length // max(1, len(whole)))
    for start in starts:
        if start:
            yield start * (length // len(start)) + "\x00"


def seconds(pattern, method, text):
    """Return the least time of three that a method takes, of one where that is short."""
    call = getattr(pattern, method)
    least = float("inf")
    for _ in range(3):
        started = time.process_time()
        if method in ("sub", "subn"):
            call("", text)
        elif method == "finditer":
            for _match in call(text):
                pass
        else:
            call(text)
        least = min(least, time.process_time() - started)
        if least < MIN_SECONDS_PER_CHARACTER * len(text):
            break
    return least


METHODS = {"search", "match", "fullmatch", "sub", "subn", "findall", "finditer", "split"}


def slowness(pattern, method):
    """Return how much longer a text of four times the length takes at worst, and its beginning."""
    for texts in zip(*(attacks(pattern, length) for length in LENGTHS), strict=True):
        before = None
        for text in texts:
            took = seconds(pattern, method, text)
            slow = took > MIN_SECONDS_PER_CHARACTER * len(text)
            if slow and before is not None and took > MAX_GROWTH * before:
                return took / before, text[:12]
            before = max(took, 1e-6)
    return 0.0, ""


def test_no_pattern_takes_more_than_linear_time():
    slow = []
    for name, pattern, called in patterns():
        for method in called & METHODS or {"search"}:
            growth, text = slowness(pattern, method)
            if growth:
                slow.append(f"{name}.{method} grows {growth:.0f} times on {text!r}")
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize(
    "bad", [r"\s*x", r"（上接\s*\d*\s*版", r"<!--.*?-->", r"(?:\w+-)*@", r"[a-z]+@"]
)
def test_patterns_known_to_be_slow_are_recognised(bad):
    assert slowness(re.compile(bad), "search")[0] > MAX_GROWTH


def test_unclosed_comments_of_html_take_linear_time():
    started = time.process_time()
    for markup in (
        "<!--" * 50_000,
        "<!-- -->" * 20_000 + "<!--",
        "<" * 100_000,
        "<!-- " + "-" * 99_999,
    ):
        one_line(markup)
        without_markup(f"<p>{markup}")
    assert time.process_time() - started < 5
