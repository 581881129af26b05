"""Experiment files, checked: every key is here once, with its meaning.

One file per table of an experiment; ``python -m research schema`` prints all as JSON Schema.
Nothing here reads a corpus or a run.
"""

from research.config.corpus import CorpusConfig, WeightedCorpus
from research.config.experiment import (
    Experiment,
    SectionsExperiment,
    ThemesExperiment,
    check_config,
    json_schema,
)
from research.config.features import (
    FEATURE_KINDS,
    AnyFeatureConfig,
    CharTfidfConfig,
    CuesConfig,
    FeatureConfig,
    HashingConfig,
    LanguageConfig,
    NgramConfig,
    VectorsConfig,
    VocabularyConfig,
    WordCountConfig,
    WordTfidfConfig,
    check_features,
)
from research.config.former import upgrade_config, upgrade_features, upgrade_model
from research.config.reading import (
    PlannedExperiment,
    Reading,
    read_config,
    read_configs,
    read_experiments,
    read_one,
)
from research.config.rules import RuleConfig, RulesConfig, RulesFile, read_rules_file
from research.config.sections import ClassifierConfig, SplitConfig, StudyConfig
from research.config.themes import EventConfig, EventsFile, TimeConfig, TopicsConfig, read_events
from research.config.tokens import ThemesTokensConfig, TokensConfig

__all__ = [
    "FEATURE_KINDS",
    "AnyFeatureConfig",
    "CharTfidfConfig",
    "ClassifierConfig",
    "CorpusConfig",
    "CuesConfig",
    "EventConfig",
    "EventsFile",
    "Experiment",
    "FeatureConfig",
    "HashingConfig",
    "LanguageConfig",
    "NgramConfig",
    "PlannedExperiment",
    "Reading",
    "RuleConfig",
    "RulesConfig",
    "RulesFile",
    "SectionsExperiment",
    "SplitConfig",
    "StudyConfig",
    "ThemesExperiment",
    "ThemesTokensConfig",
    "TimeConfig",
    "TokensConfig",
    "TopicsConfig",
    "VectorsConfig",
    "VocabularyConfig",
    "WeightedCorpus",
    "WordCountConfig",
    "WordTfidfConfig",
    "check_config",
    "check_features",
    "json_schema",
    "read_config",
    "read_configs",
    "read_events",
    "read_experiments",
    "read_one",
    "read_rules_file",
    "upgrade_config",
    "upgrade_features",
    "upgrade_model",
]
