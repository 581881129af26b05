"""Figures for print: PNG, SVG or PDF, with a font that has Chinese characters."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from research import runs
from research.config import ThemesExperiment
from research.errors import InputError
from research.files import replacing
from research.themes.calendar import first_day
from research.themes.mentions import Mentions

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
_KINDS = (".png", ".svg", ".pdf")
_STACKED = 12
_DRAWN = 10
_SEEN = 200  # Dots an inch of a PNG.


def draw_themes(folder: Path, path: Path, topics: Sequence[int] = ()) -> Path:
    """Draw a themes run's curves, with their bands, of some *topics*; or of all, the largest twelve stacked, as one picture.

    *path* ends in ``.png``, ``.svg`` or ``.pdf``. Raises InputError where matplotlib or a font with Chinese characters is missing.
    """
    _check_kind(path)
    config = runs.read_resolved(folder)
    if not isinstance(config, ThemesExperiment):
        raise InputError(
            f'{folder}: a sections run has no themes to draw; give a run with task = "themes"'
        )
    names = [f"{topic['topic']} {topic['name']}" for topic in runs.read_topics(folder)]
    if outside := [k for k in topics if not 0 <= k < len(names)]:
        raise InputError(f"there is no topic {outside[0]}; topics go from 0 to {len(names) - 1}")
    if len(topics) > _DRAWN:
        raise InputError(
            f"{len(topics)} curves cannot be told apart; draw {_DRAWN} at most, or name none for all in one picture"
        )
    rows = runs.read_table(folder / "shares.csv")
    days = [first_day(row["period"]) for row in rows]
    shares = np.array(
        [[float(row[f"topic_{k}"] or "nan") for k in range(len(names))] for row in rows]
    )
    with _picture(path, 4.5 if topics else 6) as axes:
        if topics:
            low, high = _bands(folder, [row["period"] for row in rows], len(names))
            _curves(
                axes,
                days,
                shares[:, topics],
                low[:, topics],
                high[:, topics],
                [names[k] for k in topics],
            )
        else:
            _stack(axes, days, shares, names)
    return path


def draw_mentions(mentions: Mentions, path: Path) -> Path:
    """Draw which share of the articles held each word, with its interval; files and errors as with :func:`draw_themes`."""
    _check_kind(path)
    if len(mentions.words) > _DRAWN:
        raise InputError(
            f"{len(mentions.words)} curves cannot be told apart; draw {_DRAWN} at most"
        )
    with _picture(path, 4.5) as axes:
        _curves(
            axes,
            [first_day(period) for period in mentions.periods],
            mentions.shares,
            mentions.low,
            mentions.high,
            mentions.words,
        )
    return path


def _check_kind(path: Path) -> None:
    if path.suffix.lower() not in _KINDS:
        raise InputError(f"{path}: figures are {', '.join(_KINDS)}; give a name that ends so")


@contextmanager
def _picture(path: Path, height: float) -> Iterator[Any]:
    """Give axes of shares to draw on, and write the picture."""
    plt, style = _matplotlib()
    with plt.rc_context(style):
        figure, axes = plt.subplots(figsize=(9, height), layout="constrained")
        yield axes
        most = axes.get_ylim()[1]
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.{0 if most > 0.05 else 1}%}")
        axes.margins(x=0.01)
        axes.spines[["top", "right"]].set_visible(False)
        with replacing(path) as beside:
            # No date and no version inside: the same run gives the same picture.
            nothing = {
                ".png": {"Software": None},
                ".svg": {"Date": None, "Creator": None},
                ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
            }
            figure.savefig(
                beside,
                format=path.suffix[1:].lower(),
                dpi=_SEEN,
                metadata=nothing[path.suffix.lower()],
            )
        plt.close(figure)


def _bands(folder: Path, periods: Sequence[str], n_topics: int) -> tuple[Any, Any]:
    place = {period: i for i, period in enumerate(periods)}
    low, high = np.full((2, len(periods), n_topics), np.nan)
    for row in runs.read_table(folder / "bands.csv"):
        low[place[row["period"]], int(row["topic"])] = float(row["low"])
        high[place[row["period"]], int(row["topic"])] = float(row["high"])
    return low, high


def _curves(
    axes: Any, days: Sequence[Any], shares: Any, low: Any, high: Any, names: Sequence[str]
) -> None:
    for k, name in enumerate(names):
        (line,) = axes.plot(
            days, shares[:, k], marker="o", markersize=2.5, linewidth=1.4, label=name
        )
        axes.fill_between(
            days, low[:, k], high[:, k], color=line.get_color(), alpha=0.18, linewidth=0
        )
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _stack(axes: Any, days: Sequence[Any], shares: Any, names: Sequence[str]) -> None:
    means = np.nan_to_num(np.nanmean(shares, axis=0))
    best = np.argsort(-means, kind="stable")[:_STACKED]
    # Those whose weight lies early stand below, so that the picture reads from the lower left to the upper right.
    middle = [
        np.nansum(shares[:, k] * np.arange(len(days))) / max(np.nansum(shares[:, k]), 1e-12)
        for k in best
    ]
    best = best[np.argsort(middle, kind="stable")]
    rest = [k for k in range(shares.shape[1]) if k not in set(best.tolist())]
    layers = [shares[:, k] for k in best] + [shares[:, rest].sum(axis=1)] * bool(rest)
    labels = [names[k] for k in best] + ["其余 others"] * bool(rest)
    colors = [f"C{n}" for n in range(len(best))] + ["#d5d9de"] * bool(rest)
    there = ~np.isnan(shares[:, 0])
    axes.stackplot(
        np.array(days)[there],
        *[layer[there] for layer in layers],
        labels=labels,
        colors=colors,
        alpha=0.9,
        linewidth=0,
    )
    axes.set_ylim(0, 1)
    handles, texts = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], texts[::-1], frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _matplotlib() -> tuple[Any, dict[str, Any]]:
    """Return pyplot, and settings with a font that has Chinese characters."""
    try:
        import matplotlib
        from matplotlib import font_manager
    except ImportError:
        raise InputError("figures need matplotlib; install it: pip install matplotlib") from None
    matplotlib.use("Agg")
    from cycler import cycler
    from matplotlib import pyplot

    logging.getLogger("matplotlib.font_manager").setLevel(
        logging.ERROR
    )  # It tells of weights that a Chinese font lacks.

    known = {font.name for font in font_manager.fontManager.ttflist}
    font = next((name for name in FONTS if name in known), None)
    if font is None:
        raise InputError(
            "no font with Chinese characters was found, and figures would show boxes; install one "
            "(Debian and Ubuntu: apt install fonts-noto-cjk; Fedora: dnf install google-noto-sans-cjk-fonts; macOS and Windows have one)"
        )
    cycle = cycler(
        color=[
            *matplotlib.color_sequences["tab20"][::2],
            *matplotlib.color_sequences["tab20"][1::2],
        ]
    )
    style = {
        "font.family": [font],
        "axes.unicode_minus": False,
        "svg.hashsalt": "research",
        "pdf.fonttype": 42,
        "axes.prop_cycle": cycle,
    }
    return pyplot, style
