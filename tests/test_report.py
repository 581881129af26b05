"""The report: one file, nothing asked of any address, no markup from articles, drawn by a real browser."""

import json
import re

import pytest
from conftest import browse, needs_browser

from research import train


def _report(trained, name):
    return (trained / name / "report.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["sections", "themes"])
def test_it_asks_nothing_of_any_address(trained, name):
    html = _report(trained, name)
    markup = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert "default-src 'none'" in html
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|#)""", markup)
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", markup)
    assert len(html) < 8_000_000


def test_it_shows_figures_confusions_and_mistakes(trained):
    html, figures = _report(trained, "sections"), json.loads((trained / "sections/figures.json").read_text())
    assert f"{figures['macro_f1']:.3f}" in html
    for section in ("政务", "环保", "招商", "民生", "其他"):
        assert f"<th>{section}</th>" in html


def test_text_from_articles_never_becomes_markup(tmp_path):
    evil = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
    rows = [
        {
            "headline": f"{evil} {n}",
            "text": f"{'污染 治理' if n % 2 else '投资 签约'} {evil}",
            "date": f"2023-0{1 + n % 3}-01",
            "section": "环保" if n % 2 else "招商",
        }
        for n in range(12)
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "t.toml").write_text('task = "themes"\n[corpus]\npath = "a.jsonl"\n[topics]\nn_topics = 2\nmax_df = 1.0\npasses = 1\n# ' + evil + "\n", "utf-8")
    html = (train(tmp_path / "t.toml", tmp_path).folder / "report.html").read_text("utf-8")
    assert evil not in html
    assert "&lt;img src=x" in html
    assert html.count("<script>") == 2 + html.split("<script>", 1)[1].split("</script>", 1)[0].count("<script>")


@needs_browser
@pytest.mark.parametrize("name", ["sections", "themes"])
def test_a_real_browser_draws_it_without_complaint(trained, name, tmp_path):
    drawn = browse(trained / name / "report.html", tmp_path)
    if name == "themes":
        assert "main-svg" in drawn
        assert drawn.count('class="trace scatter') == 4
