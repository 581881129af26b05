"""What the estimators of sections have in common for scikit-learn: they read texts."""

from __future__ import annotations

from sklearn.base import BaseEstimator
from sklearn.utils import Tags


class TextEstimator(BaseEstimator):  # type: ignore[misc]
    """An estimator of scikit-learn's whose X holds texts."""

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that X holds texts, in one dimension, and not numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags
