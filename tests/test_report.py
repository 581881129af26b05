"""The report: one file, nothing asked of any address, no markup from articles, drawn by a real browser."""

import json
import re
import shutil
import subprocess

import pytest

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


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt-get install chromium)")
@pytest.mark.parametrize("name", ["sections", "themes"])
def test_a_real_browser_draws_it_without_complaint(trained, name, tmp_path):
    # The log goes to stderr: console messages, refused requests, script errors.
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path}"]
    command += ["--enable-logging=stderr", "--virtual-time-budget=6000", "--dump-dom", (trained / name / "report.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    if name == "themes":
        assert "main-svg" in done.stdout
        assert done.stdout.count('class="trace scatter') == 4
