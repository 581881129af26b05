"""A page in one language at a time, in a real browser, and without barriers by axe-core."""

import json
import re
from importlib import resources

import pytest
from conftest import needs_browser
from test_report import _report, _seen

from research import load
from research.report import render
from research.report.texts import catalogue

# Leaves all text that is shown, in each language; folded parts are opened.
SHOWN = """
  const seen = {};
  for (const part of document.querySelectorAll("details")) part.open = true;
  const attributes = () => ["aria-label", "placeholder"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name)));
  const drawn = () => [...document.querySelectorAll("svg text, svg title")].map((e) => e.textContent);
  const shown = () => [document.body.innerText, ...attributes(), ...drawn()].join("\\n");
  const later = (work) => setTimeout(work, 700);
  seen[document.documentElement.lang] = shown();
  document.getElementById("language").click();
  later(() => {
    seen[document.documentElement.lang] = shown();
    document.getElementById("language").click();
    later(() => { seen.again = document.documentElement.lang; tell(seen); });
  });
"""
# Whatever a page draws itself sets this; a page without charts is drawn at once.
AT_ONCE = '<html data-drawn="yes"'
AXE = """
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  for (const part of document.querySelectorAll("details")) part.open = true;
  // Parts that are far from the window are not laid out, and lie over one another.
  for (const card of document.querySelectorAll(".card")) card.style.contentVisibility = "visible";
  axe.run(document, { runOnly: tags }).then(({ violations, passes }) => tell({
    passes: passes.length,
    violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`),
  }));
"""
_GROUPS = ("page", "findings", "charts", "themes", "sections", "movement", "tree", "card", "script")
_GROUPS += ("themes_card", "sections_card", "themes_intro", "sections_intro", "compared", "choice")


def _ready(page, name):
    return page if name == "themes" else page.replace("<html", AT_ONCE, 1)


def _pieces(language, other):
    """Return parts of a language's sentences, between what is filled in, that the other lacks."""
    elsewhere = json.dumps(catalogue(other), ensure_ascii=False)
    for group in _GROUPS:
        for key, value in catalogue(language)[group].items():
            for sentence in [value] if isinstance(value, str) else value:
                for piece in re.split(r"\{[^}]*\}|<[^>]*>", sentence):
                    words = piece.strip(" ，。；：、（）“”,.;:()")
                    is_long = len(words) > 1 if language == "zh" else len(words) > 5
                    if is_long and words not in elsewhere and key != "other_language":
                        yield words


@needs_browser
@pytest.mark.parametrize("name", ["sections", "themes"])
def test_a_page_shows_one_language_and_a_button_switches_to_the_other(trained, tmp_path, name):
    seen = _seen(_ready(_report(trained, name), name), SHOWN, tmp_path)
    chinese, english = seen["zh-CN"], seen["en"]
    assert seen["again"] == "zh-CN"
    # The experiment file and texts of articles are in the language that they are in.
    config = (trained / name / "config.toml").read_text("utf-8")
    assert "要点" in chinese and "Main findings" in english
    mixed = [piece for piece in _pieces("en", "zh") if piece in chinese and piece not in config]
    assert mixed == []
    longer = [piece for piece in _pieces("zh", "en") if len(piece) > 4 and piece in english]
    assert longer == []


def test_the_experiment_names_the_language_that_a_page_opens_in(trained, tmp_path):
    chinese = load("sections", trained)
    english = chinese.config.model_copy(update={"language": "en"})
    object.__setattr__(chinese, "config", english)
    page = render(chinese)
    assert '<html lang="en">' in page
    assert page.replace('<html lang="en">', '<html lang="zh-CN">') == _report(trained, "sections")


@needs_browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["sections", "themes"])
def test_axe_core_sees_no_barrier(trained, tmp_path, name, dark):
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    options = ["--window-size=1440,1600"]
    if dark:
        options += ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"]
    page = _ready(_report(trained, name), name)
    page = page.replace("</body>", f"<script>{axe}</script></body>")
    seen = _seen(page, AXE, tmp_path, *options)
    assert seen["passes"] > 10
    assert seen["violations"] == []
