"""Draw the screenshot of the README and of docs/: the report of the sample's themes.

`python docs/screenshot.py RUN` needs Chromium (Debian's `chromium`) and a font with Chinese
characters. The run is that of `experiments/themes.toml`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
WIDTH, HEIGHT = 1440, 1300  # CSS pixels.
MAX_BYTES = 300_000
DRAWING_MILLISECONDS = 8_000


def main() -> None:
    """Write the report anew, and draw it."""
    run = sys.argv[1] if len(sys.argv) > 1 else "runs/themes"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        command = [sys.executable, "-m", "research", "report", run, "-o", str(report)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        draw(chromium, report, IMAGES / "report.png")


def draw(chromium: str, report: Path, image: Path) -> None:
    """Draw the top of a report, and check that the picture is small enough to be committed."""
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--hide-scrollbars",
        f"--window-size={WIDTH},{HEIGHT}",
        f"--virtual-time-budget={DRAWING_MILLISECONDS}",
        f"--screenshot={image}",
        report.as_uri(),
    ]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, timeout=120)
    if image.stat().st_size > MAX_BYTES:
        sys.exit(f"{image}: {image.stat().st_size:,} bytes, more than {MAX_BYTES:,}")
    print(f"{image}: {image.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
