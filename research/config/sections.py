"""Keys of an experiment with sections: classifier, studies, what is trained and tested on."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from research.articles.dates import iso_date
from research.config.renamed import rename_keys
from research.toml import Table


class ClassifierConfig(Table):
    """The section classifier: a linear model over the features."""

    kind: Literal["svm", "logistic", "bayes", "nb-svm"] = "svm"
    C: float = Field(
        1.0, gt=0, description="Inverse strength of regularisation (for bayes: its smoothing)."
    )
    precision: float = Field(
        0.95,
        gt=0,
        le=1,
        description="Share of right labels that a label called sure must have had in "
        "cross-validation.",
    )


class StudyConfig(Table):
    """What else to measure; each study takes as long as some trainings."""

    learning_curve: bool = Field(False, description="Macro-F1 by number of training articles.")
    ablation: bool = Field(
        False,
        description="Macro-F1 without each block of features, by cross-validation on the training "
        "articles.",
    )


class SplitConfig(Table):
    """What is trained on and what is tested on."""

    kind: Literal["date", "days"] = Field(
        description='"date": train on the past; "days": whole days drawn at random.'
    )
    test_from: str | None = Field(None, description="First day of the test side (kind date).")
    test_share: float | None = Field(
        None, gt=0, lt=1, description="Share of articles to test on (kind days)."
    )
    near_duplicates: Literal["drop", "refuse"] = Field(
        "drop",
        description='Training articles that are near-duplicates of a test article: "drop" leaves '
        'them out, "refuse" stops.',
    )

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, table: Any) -> Any:
        return rename_keys(table, "split", {"near_identical": "near_duplicates"})

    @model_validator(mode="after")
    def _check(self) -> SplitConfig:
        if self.kind == "date":
            self._need("test_from", self.test_from)
            self._refuse("test_share", self.test_share)
        else:
            self._need("test_share", self.test_share)
            self._refuse("test_from", self.test_from)
        if self.test_from is not None:
            iso_date(self.test_from)
        return self

    def _need(self, key: str, value: object) -> None:
        if value is None:
            raise ValueError(f'kind = "{self.kind}" needs {key}')

    def _refuse(self, key: str, value: object) -> None:
        if value is not None:
            raise ValueError(f'{key} has no meaning with kind = "{self.kind}"; take it out')
