"""Groups of articles compared: do intervals cover what was planted, are shuffled labels quiet?

Planted: archives of 120 issues are drawn from the topic shares of the sample; some issues have a
subject of the day, so that their articles resemble each other. Two papers print sections in other
proportions; one theme is raised in some articles of a paper, of a section, and of a supplement of
few issues. Shuffled: the true articles and dates, with labels that mean nothing, given to articles
or to whole issues. Side by side: statsmodels' ordinary least squares with clustered errors (the
regression of R's ``stm::estimateEffect``) and, where it is installed, topica's, with and without
the method of composition: posterior draws of the shares, pooled by Rubin's rules.
"""

from __future__ import annotations

import datetime
import importlib.util
import sys
import time

import numpy as np
from null import Archive, archives
from shared_data import require_shared
from statsmodels.regression.linear_model import OLS

from research.themes.clustered import estimate
from research.themes.covariates import covariate_of, issues_of
from research.themes.effects import Sample, measure_effects

SIMULATIONS = 500
SHUFFLES = 40
DAYS, PER_DAY = 60, 14  # Two papers: 120 issues of about seven articles.
RAISED = 0.15  # Of a group's articles get the theme's share of an article of the theme besides.
FEW_ISSUES = 8  # That the supplement is in.
SUBJECT_OF_THE_DAY = 0.3  # Of the issues have one: half of their articles are of one theme.
COMPOSITION_DRAWS = 25  # As is the default of stm and topica.


def draw(archive: Archive, rng: np.random.Generator) -> tuple[Sample, int, dict[str, float]]:
    """Return an archive with effects, the theme that is raised, and the true effects."""
    pool = archive.data.shares
    topic = int(rng.integers(pool.shape[1]))
    day = np.repeat(np.arange(DAYS), PER_DAY)
    paper = np.where(rng.random(len(day)) < 0.5, "A", "B")
    section = np.where(rng.random(len(day)) < np.where(paper == "A", 0.6, 0.3), "P", "Q")
    dates = [(datetime.date(2021, 1, 1) + datetime.timedelta(13 * int(d))).isoformat() for d in day]
    issues = issues_of(dates, paper.tolist())
    supplement = np.where(
        np.isin(issues, rng.choice(issues.max() + 1, FEW_ISSUES, replace=False))
        & (rng.random(len(day)) < 0.5),
        "S",
        "-",
    )
    rows = rng.integers(len(pool), size=len(day))
    leading = pool.argmax(axis=1)
    for issue in np.flatnonzero(rng.random(issues.max() + 1) < SUBJECT_OF_THE_DAY):
        subject = np.flatnonzero(leading == rng.choice(leading))
        same = np.flatnonzero((issues == issue) & (rng.random(len(day)) < 0.5))
        rows[same] = rng.choice(subject, len(same))
    shares = pool[rows]
    strong = np.flatnonzero(pool[:, topic] > 0.3)
    truth = {}
    for name, chosen in (("A", paper == "A"), ("P", section == "P"), ("S", supplement == "S")):
        by = RAISED * pool[strong, topic].mean()
        raised = chosen & (rng.random(len(day)) < RAISED)
        added = pool[rng.choice(strong, len(day)), topic]
        shares[:, topic] += added * raised
        truth[name] = by
    covariates = [
        covariate_of("paper", paper.tolist()),
        covariate_of("section", section.tolist()),
        covariate_of("supplement", supplement.tolist()),
    ]
    return Sample(shares, dates, issues, covariates), topic, truth


def coverage(archive: Archive) -> None:
    """Print how often 95 % intervals hold what was planted, ours and those of statsmodels."""
    print(f"\n{SIMULATIONS} simulations: 95 % intervals that hold the planted effect")
    ours: dict[str, list[bool]] = {}
    theirs: dict[str, list[bool]] = {}
    for seed in range(SIMULATIONS):
        sample, topic, truth = draw(archive, np.random.default_rng(seed))
        one = sample._replace(shares=sample.shares[:, [topic]])
        reference = plain_regression(one)
        for effect in measure_effects(one):
            if effect.measure == "share" and effect.value in truth:
                true = truth[effect.value]
                ours.setdefault(effect.value, []).append(effect.low <= true <= effect.high)
                low, high = reference[effect.value]
                theirs.setdefault(effect.value, []).append(low <= true <= high)
    for name, title in (("A", "paper"), ("P", "section"), ("S", f"in {FEW_ISSUES} issues")):
        print(f"{title:14} ours {np.mean(ours[name]):.1%}  statsmodels {np.mean(theirs[name]):.1%}")


def plain_regression(sample: Sample) -> dict[str, np.ndarray]:
    """Return statsmodels' clustered intervals of the second group of each covariate."""
    days = np.array([datetime.date.fromisoformat(date).toordinal() for date in sample.dates])
    columns = [np.ones(len(days)), (days - days.mean()) / 365]
    names = []
    for covariate in sample.covariates:
        name = next(value for value in covariate.groups if value in "APS")
        names.append(name)
        columns.append((covariate.codes == covariate.groups.index(name)).astype(float))
    fitted = OLS(sample.shares[:, 0], np.stack(columns, axis=1)).fit(
        cov_type="cluster", cov_kwds={"groups": sample.issues}, use_t=True
    )
    intervals = fitted.conf_int()[2:]
    return dict(zip(names, intervals, strict=True))


def shuffled(archive: Archive) -> None:
    """Print how many differences are called where labels mean nothing."""
    data = archive.data
    issues = issues_of(data.dates, [""] * len(data.dates))
    counts: dict[str, list[int]] = {}
    for seed in range(SHUFFLES):
        rng = np.random.default_rng(seed)
        labels = {
            "articles": rng.choice(["a", "b", "c", "d"], len(issues), p=[0.6, 0.25, 0.12, 0.03]),
            "issues": rng.choice(["a", "b", "c"], issues.max() + 1, p=[0.7, 0.25, 0.05])[issues],
        }
        for name, values in labels.items():
            covariate = covariate_of(name, values.tolist())
            effects = measure_effects(Sample(data.shares, data.dates, issues, [covariate]))
            for measure in ("share", "trend"):
                tested = [e for e in effects if e.measure == measure and not np.isnan(e.p)]
                called = [e.significant for e in tested]
                found = counts.setdefault(f"{name}, {measure}", [0, 0, 0, 0])
                found[0] += len(tested)
                found[1] += sum(called)
                found[2] += any(called)
                found[3] += sum(e.p <= 0.05 for e in tested)
    print(f"\n{archive.name}: labels shuffled {SHUFFLES} times among")
    for name, (tests, called, archives_with, nominal) in counts.items():
        print(
            f"{name:18} {tests:6} tests: {called / tests:.2%} called; "
            f"in {archives_with / SHUFFLES:.0%} of archives any; {nominal / tests:.1%} have p ≤ .05"
        )


def side_by_side(archive: Archive) -> None:
    """Print effects of one year against another by three programs, on the same shares."""
    data = archive.data
    half = sorted(data.dates)[len(data.dates) // 2]
    late = np.array([date >= half for date in data.dates]).astype(float)
    long = np.asarray(data.counts.sum(axis=1)).ravel()
    is_long = (long > np.median(long)).astype(float)
    design = np.stack([np.ones(len(late)), late, is_long], axis=1)
    issues = issues_of(data.dates, [""] * len(data.dates))
    topics = np.argsort(-data.shares.mean(axis=0))[:6]
    shares = data.shares[:, topics]
    contrasts = np.eye(3)[1:2]
    ours = estimate(design, shares, issues, contrasts)
    print(f"\n{archive.name}: later half against earlier, length held fixed; percentage points")
    print("topic  ours                    statsmodels, CR1        topica, CR1             composed")
    composed, clustered = topica_effects(shares, design, issues, data.shares, long, topics)
    for n, topic in enumerate(topics):
        fitted = OLS(shares[:, n], design).fit(
            cov_type="cluster", cov_kwds={"groups": issues}, use_t=True
        )
        low, high = fitted.conf_int()[1]
        cells = [
            (ours.value[0, n], ours.low[0, n], ours.high[0, n]),
            (fitted.params[1], low, high),
            clustered[n],
            composed[n],
        ]
        print(f"{topic:5}  ", "  ".join(_cell(cell) for cell in cells))


def _cell(figures: tuple[float, float, float] | None) -> str:
    if figures is None:
        return f"{'–':22}"
    value, low, high = (100 * figure for figure in figures)
    return f"{value:+5.2f} ({low:+5.2f} – {high:+5.2f})"


def topica_effects(shares, design, issues, all_shares, lengths, topics) -> tuple[list, list]:
    """Return topica's effects with and without the method of composition; None without topica."""
    if importlib.util.find_spec("topica") is None:
        return [None] * len(topics), [None] * len(topics)
    import topica

    options = {"feature_names": ["late", "long"], "cluster": issues.tolist()}
    point = topica.estimate_effect(shares, design[:, 1:], **options)
    draws = topica.dirichlet_theta_samples(
        all_shares, lengths.astype(np.int64), nsims=COMPOSITION_DRAWS, seed=0
    )
    pooled = topica.estimate_effect(np.asarray(draws)[:, :, topics], design[:, 1:], **options)
    return _topica_rows(pooled), _topica_rows(point)


def _topica_rows(effects) -> list[tuple[float, float, float]]:
    rows = []
    for effect in effects:
        at = list(effect.feature_names).index("late")
        rows.append((effect.coef[at], effect.ci_low[at], effect.ci_high[at]))
    return rows


def main() -> None:
    started = time.time()
    parts = sys.argv[1:] or ["coverage", "shuffled", "side"]
    for archive in archives(require_shared()):
        if archive.name == "sample" and "coverage" in parts:
            coverage(archive)
        if archive.by == "month" and "shuffled" in parts:
            shuffled(archive)
        if archive.name == "sample" and "side" in parts:
            side_by_side(archive)
        if "shuffled" not in parts:
            break
    print(f"\n{time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
