"""The model card of the run that ships, in English and in Chinese."""

from pathlib import Path

from research.runs import Draft
from research.runs.figures import SectionsFigures

HERE = Path(__file__).parent


def write_cards(draft: Draft, figures: SectionsFigures, inputs: dict[str, str]) -> None:
    """Write both cards into the run."""
    values = _values(figures, inputs)
    for language, name in (("en", "README.md"), ("zh", "README.zh-CN.md")):
        card = (HERE / f"card.{language}.md").read_text("utf-8")
        draft.text(name, card.format(**values))


def _values(figures: SectionsFigures, inputs: dict[str, str]) -> dict[str, object]:
    cross_validated = figures.cross_validated
    hashes = [f"- `{name.rpartition('/')[2]}` {digest}" for name, digest in sorted(inputs.items())]
    return {
        "train": figures.train_articles,
        "test": figures.test_articles,
        **_interval("f1", figures.macro_f1, figures.macro_f1_interval),
        **_interval("accuracy", figures.accuracy, figures.accuracy_interval),
        **_interval("ece", figures.calibration_error, figures.calibration_error_interval),
        **_interval("cv", cross_validated.macro_f1, cross_validated.interval),
        "folds": cross_validated.articles,
        "share": figures.sure.share_labelled,
        "precision": figures.sure.precision,
        "sections_en": _table(figures, "| section | items | precision | recall | F1 |"),
        "sections_zh": _table(figures, "| 版类 | 篇数 | 精确率 | 召回率 | F1 |"),
        "hashes": "\n".join(hashes),
    }


def _interval(name: str, value: float, ends: tuple[float, float]) -> dict[str, float]:
    return {name: value, f"{name}_low": ends[0], f"{name}_high": ends[1]}


def _table(figures: SectionsFigures, head: str) -> str:
    rows = [head, "|---|---|---|---|---|"]
    for name, section in figures.sections.items():
        rates = " | ".join(
            f"{rate:.2f}" for rate in (section.precision, section.recall, section.f1)
        )
        rows.append(f"| {name} | {section.articles} | {rates} |")
    return "\n".join(rows)
