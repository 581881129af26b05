"""A themes experiment: articles → topics → shares through time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles.article import Article
from research.articles.near_duplicates import near_duplicate_groups
from research.config import EventConfig, ThemesExperiment, read_events
from research.errors import InputError
from research.files import Progress, report_progress
from research.runs import Draft, ThemesRun, load, read_topics
from research.text.counts import learn_words
from research.themes.breakdown import break_down
from research.themes.data import ThemeData
from research.themes.description import describe_topics
from research.themes.lineage import LineageStep, follow_topics, learn_period_topics
from research.themes.matching import keep_numbers, match_topics, on_common_words, on_words
from research.themes.mentions import count_mentions
from research.themes.movement import movements
from research.themes.naming import TopicName, name_topics, place_names, propose_names, read_names
from research.themes.points import find_points
from research.themes.shares import document_weights, shares_over_time
from research.themes.stories import find_stories
from research.themes.wording import words_of_periods
from research.topics import metrics
from research.topics.choose import choose_n_topics, stability
from research.topics.model import TopicModel
from research.training import rows
from research.training.inputs import build_segmenter, label_sections, read_dated, watched

_TOP_WORDS = 10


def train_themes(
    config: ThemesExperiment, base: Path, draft: Draft, progress: Progress | None
) -> bool:
    """Return whether training went to its end: Ctrl-C keeps the model so far."""
    settings = config.topics
    given = read_names(base / settings.names) if settings.names else ()
    events = read_events(base / config.time.events) if config.time.events else ()
    before = _earlier(base / settings.like) if settings.like else None
    articles, undated = read_dated(config, base, progress)
    articles = label_sections(config, base, articles, progress)
    groups = (
        []
        if config.repeats == "keep"
        else near_duplicate_groups([article.text for article in articles], progress=progress)
    )
    copies = np.array(sorted(i for group in groups for i in group[1:]), dtype=np.intp)
    segmenter = build_segmenter(config.tokens, base, articles, progress)
    seen = watched(articles, "segmenting", progress)
    counts, vocabulary = learn_words(
        seen,
        segmenter,
        min_df=settings.min_df,
        max_df=settings.max_df,
        max_words=settings.max_words,
    )
    fitted = np.setdiff1d(np.arange(len(articles)), copies)
    model, found = _fit_topics(config, counts[fitted], vocabulary, before, progress)
    shares = model.transform(counts, progress=progress)
    headlines = (segmenter.cut(article.headline or article.text[:30]) for article in articles)
    topic_word = model.topic_word_
    by_hand, homeless = place_names(given, topic_word, vocabulary)
    earlier_names = _named_before(found)
    proposed = propose_names(
        headlines,
        shares,
        topic_word,
        vocabulary,
        {k: name for k, (name, _) in earlier_names.items()},
    )
    data = ThemeData(articles, counts, shares, vocabulary)
    topics = describe_topics(
        data,
        topic_word,
        name_topics(by_hand, earlier_names, proposed),
        found["stability"].topics if "stability" in found else None,
    )
    left_out = {place for place, _, _ in undated} | (
        set(copies.tolist()) if config.repeats == "once" else set()
    )
    followed = [i for i in range(len(articles)) if i not in left_out]
    tracked = _follow(config, events, data.select(followed), topic_word, draft, progress)
    dated = data.select(np.setdiff1d(fitted, [place for place, _, _ in undated]))
    stories = find_stories(dated, config.time.by, config.time.stories)
    draft.json("stories.json", [rows.story_value(story) for story in stories], indent=None)
    draft.table("lineage.csv", rows.lineage_rows(_lineage(config, dated, model, progress)))
    size = {"documents": counts.shape[0], "words": counts.shape[1], "tokens": int(counts.sum())}
    size |= {"repeated": len(copies), "undated": len(undated), **tracked}
    figures = {
        "task": "themes",
        **size,
        "n_topics": model.n_topics,
        **_topic_figures(model, counts, found),
    }
    draft.json("figures.json", figures | ({"names_without_topic": homeless} if given else {}))
    draft.json("topics.json", [rows.topic_value(topic) for topic in topics])
    draft.table("documents.csv", _document_rows(articles, shares))
    draft.table(
        "undated.csv",
        [
            ["id", "headline", "date", "why"],
            *([articles[i].id, articles[i].headline, date, why] for i, date, why in undated),
        ],
    )
    draft.table("repeated.csv", _repeated_rows(articles, groups))
    facts, arrays = model.state()
    draft.model(
        {"task": "themes", **facts, "vocabulary": vocabulary, "segmenter": segmenter.state()},
        arrays,
    )
    return model.state_ != "stopped"


def _follow(
    config: ThemesExperiment,
    events: Sequence[EventConfig],
    data: ThemeData,
    topic_word: NDArray[np.float64],
    draft: Draft,
    progress: Progress | None,
) -> dict[str, Any]:
    """Write how topics move through time into the run; *data* are the articles that curves show."""
    settings = config.time
    weights = document_weights(data.counts, settings.weigh)
    stages = 5
    report_progress(progress, "through time", 0, stages)
    curves = shares_over_time(
        data.shares,
        data.dates,
        settings.by,
        weights=weights,
        resamples=settings.resamples,
        random_state=config.seed,
    )
    draft.table("shares.csv", rows.share_rows(curves))
    draft.table("bands.csv", rows.band_rows(curves))
    draft.matrix("mentions.npz", count_mentions(data.counts, data.dates, settings.by))
    report_progress(progress, "through time", 1, stages)
    moved = movements(curves, data, weights, events)
    draft.json("movement.json", [rows.movement_value(movement) for movement in moved])
    report_progress(progress, "through time", 2, stages)
    words = words_of_periods(data, topic_word, settings.words_by)
    draft.table("words.csv", rows.word_rows(words))
    report_progress(progress, "through time", 3, stages)
    draft.table("breakdown.csv", rows.breakdown_rows(break_down(data, settings.breakdown)))
    report_progress(progress, "through time", 4, stages)
    points = find_points(data, settings.by)
    draft.json("points.json", rows.points_value(points), indent=None)
    report_progress(progress, "through time", stages, stages)
    draft.json("events.json", [event.model_dump(mode="json") for event in events])
    return {
        "periods": len(curves.periods),
        "empty_periods": int((curves.counts == 0).sum()),
        "unfinished": curves.unfinished,
    }


def _lineage(
    config: ThemesExperiment, data: ThemeData, model: TopicModel, progress: Progress | None
) -> list[LineageStep]:
    """Return the topics that each period has by itself, on their lines through the periods."""
    settings = config.time
    if settings.lineage is None:
        return []
    parameters = model.get_params() | {"n_topics": settings.lineage_topics, "seeds": ()}
    periods = learn_period_topics(data, settings.lineage, TopicModel(**parameters), progress)
    return follow_topics(periods, model.topic_word_, data.vocabulary)


def _earlier(folder: Path) -> ThemesRun:
    earlier = load(folder)
    if not isinstance(earlier, ThemesRun):
        raise InputError(
            f'{folder}: a sections run has no topics to keep the numbers of; give a run with task = "themes"'
        )
    return earlier


def _repeated_rows(
    articles: Sequence[Article], groups: Sequence[Sequence[int]]
) -> Iterable[Sequence[object]]:
    yield ["group", "id", "date", "source", "headline"]
    for number, group in enumerate(groups):
        for i in group:
            yield [
                number,
                articles[i].id,
                articles[i].date or "",
                articles[i].source,
                articles[i].headline,
            ]


def _fit_topics(
    config: ThemesExperiment,
    counts: sparse.csr_matrix,
    vocabulary: Sequence[str],
    before: ThemesRun | None,
    progress: Progress | None,
) -> tuple[TopicModel, dict[str, Any]]:
    """Return the model, and what else was asked: "choice" of the number of topics, "stability", "before" (an earlier run's topics) and "lineage" from them."""
    settings = config.topics
    wanted = {
        name: getattr(settings, name)
        for name in ("engine", "alpha", "eta", "passes", "tolerance", "start", "seed_strength")
    }
    model = TopicModel(
        2, seeds=_seed_columns(settings.seeds, vocabulary), random_state=config.seed, **wanted
    )
    if before is not None and settings.start == "like":
        model.set_params(start=_given(before, vocabulary, config))
    found: dict[str, Any] = {}
    if isinstance(settings.n_topics, tuple):
        found["choice"] = choose_n_topics(counts, settings.n_topics, model, progress)
        model.set_params(n_topics=found["choice"].n_topics)
    else:
        model.set_params(n_topics=settings.n_topics)
    model.fit(counts, progress=progress)
    if before is not None:
        sides = on_common_words(
            before.model.topic_word_, before.vocabulary, model.topic_word_, vocabulary
        )
        model.reorder(keep_numbers(match_topics(*sides), model.n_topics))
        sides = on_common_words(
            before.model.topic_word_, before.vocabulary, model.topic_word_, vocabulary
        )
        found["lineage"] = match_topics(*sides)
        found["before"] = read_topics(before.folder)
    if settings.stability and model.state_ != "stopped":
        found["stability"] = stability(counts, model, progress)
    return model, found


def _given(
    before: ThemesRun, vocabulary: Sequence[str], config: ThemesExperiment
) -> NDArray[np.float64]:
    """Return the earlier run's topics on the words of now, to start from."""
    if before.model.n_topics > cast(int, config.topics.n_topics):
        raise InputError(
            f"topics.n_topics {config.topics.n_topics}: {before.folder} has {before.model.n_topics} topics to go on with; give as many or more"
        )
    topics = on_words(before.model.components_, before.vocabulary, vocabulary)
    if not topics.sum(axis=1).all():
        raise InputError(
            f"{before.folder}: a topic of it has no word in this corpus; leave out start, so that topics are learned anew"
        )
    return topics


def _named_before(found: dict[str, Any]) -> dict[int, TopicName]:
    """Return what an earlier run's topics were called and by whom, by the numbers of now."""
    if "before" not in found:
        return {}
    names = [TopicName(topic["name"], topic["named_by"]) for topic in found["before"]]
    return {new: names[old] for old, new, _ in found["lineage"].same if names[old].name}


def _seed_columns(seeds: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> list[list[int]]:
    place = {word: column for column, word in enumerate(vocabulary)}
    missing = [word for words in seeds for word in words if word not in place]
    if missing:
        raise InputError(
            f"topics.seeds: {'、'.join(missing)} not among the corpus's {len(place)} words; take out, lower min_df, or add to a user dictionary"
        )
    return [[place[word] for word in words] for words in seeds]


def _topic_figures(
    model: TopicModel, counts: sparse.csr_matrix, found: dict[str, Any]
) -> dict[str, Any]:
    top = np.argsort(-model.components_, axis=1, kind="stable")[:, :_TOP_WORDS].tolist()
    figures = metrics.topic_figures(top, counts)
    figures.pop("topics")
    figures |= {"state": model.state_}
    if model.bounds_:
        figures |= {
            "passes": model.bounds_[-1][0],
            "training_perplexity": round(model.bounds_[-1][1], 2),
        }
    if "stability" in found:
        figures["stability"] = round(found["stability"].mean, 4)
    if "lineage" in found:
        figures["lineage"] = rows.matching_value(found["lineage"]) | {
            "names_before": [topic["name"] for topic in found["before"]]
        }
    if "choice" in found:
        figures["choice"] = {"reason": found["choice"].reason, "rows": list(found["choice"].rows)}
    return figures


def _document_rows(
    articles: Sequence[Article], shares: NDArray[np.float64]
) -> Iterable[Sequence[object]]:
    yield ["id", "date", "headline", "topic", "share", "second_topic", "second_share"]
    order = np.argsort(-shares, axis=1, kind="stable")[:, :2]
    for article, row, (first, second) in zip(articles, shares, order, strict=True):
        yield [
            article.id,
            article.date,
            article.headline,
            first,
            f"{row[first]:.4f}",
            second,
            f"{row[second]:.4f}",
        ]
