"""Where the real data to measure on lies; a benchmark without it says so and ends."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("RESEARCH_SHARED_DATA", PROJECT.parent / "shared" / "data"))


def require_shared() -> Path:
    if not SHARED.is_dir():
        print(f"skipped: real data are not at {SHARED}; set RESEARCH_SHARED_DATA")
        sys.exit(0)
    return SHARED
