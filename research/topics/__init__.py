"""Topic models: ``model`` fits and transforms, ``tracking`` follows topic shares through time."""

from research.topics.model import TopicModel
from research.topics.novelty import Novelty
from research.topics.tracking import SharesOverTime, periods_of, shares_over_time

__all__ = ["Novelty", "SharesOverTime", "TopicModel", "periods_of", "shares_over_time"]
