"""A picture for print with matplotlib: its kind of file, its font with Chinese characters.

It draws no data: ``figures`` does.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from research.errors import InputError, missing_extra
from research.files import replacing

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "SimSun",
)
# By suffix: the metadata to leave out. Without date and version the same run gives the same bytes.
_METADATA = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_WIDTH_INCHES = 9
_DOTS_PER_INCH = 200  # Of a PNG.
_MAX_SHARE_WITH_DECIMALS = 0.05  # An axis up to here has one decimal of a per cent.


def check_suffix(path: Path) -> None:
    """Raise InputError where a picture cannot have this name."""
    if path.suffix.lower() not in _METADATA:
        kinds = ", ".join(_METADATA)
        raise InputError(f"{path}: figures are {kinds}; give a name that ends so")


@contextmanager
def picture_of_shares(path: Path, height_inches: float) -> Iterator[Any]:
    """Give axes to draw shares on, and write the picture when the block ends well."""
    pyplot, style = _matplotlib()
    with pyplot.rc_context(style):
        figure, axes = pyplot.subplots(figsize=(_WIDTH_INCHES, height_inches), layout="constrained")
        yield axes
        highest = axes.get_ylim()[1]
        decimals = 0 if highest > _MAX_SHARE_WITH_DECIMALS else 1
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.{decimals}%}")
        axes.margins(x=0.01)
        axes.spines[["top", "right"]].set_visible(False)
        _save(figure, path)
        pyplot.close(figure)


def _save(figure: Any, path: Path) -> None:
    suffix = path.suffix.lower()
    with replacing(path) as beside:
        figure.savefig(
            beside,
            format=suffix.removeprefix("."),
            dpi=_DOTS_PER_INCH,
            metadata=_METADATA[suffix],
        )


def _matplotlib() -> tuple[Any, dict[str, Any]]:
    """Return pyplot, and settings with a font that has Chinese characters.

    Raises InputError where matplotlib or such a font is missing.
    """
    try:
        import matplotlib
    except ImportError:
        raise missing_extra("figures need matplotlib", "figures") from None
    matplotlib.use("Agg")
    from cycler import cycler
    from matplotlib import pyplot

    tab20 = matplotlib.color_sequences["tab20"]
    dark, light = tab20[::2], tab20[1::2]
    style = {
        "font.family": [_chinese_font()],
        "axes.unicode_minus": False,
        "svg.hashsalt": "research",
        "pdf.fonttype": 42,  # TrueType: the text of a PDF can be selected.
        "axes.prop_cycle": cycler(color=[*dark, *light]),
    }
    return pyplot, style


def _chinese_font() -> str:
    from matplotlib import font_manager

    # It warns of weights that a Chinese font lacks.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    installed = {font.name for font in font_manager.fontManager.ttflist}
    for font in FONTS:
        if font in installed:
            return font
    raise InputError(
        "no font with Chinese characters was found, and figures would show boxes; install one "
        "(Debian and Ubuntu: apt install fonts-noto-cjk; Fedora: dnf install "
        "google-noto-sans-cjk-fonts; macOS and Windows have one)"
    )
