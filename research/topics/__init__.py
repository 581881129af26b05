"""Topic models: ``model`` fits and transforms; ``tracking``, ``movement``, ``change`` and ``lineage`` follow topics through time; ``stories`` tells
what is new in a period, ``mentions`` follows single words."""

from research.topics.lineage import Lineage, lineage
from research.topics.mentions import Mentions
from research.topics.model import TopicModel
from research.topics.novelty import Novelty
from research.topics.stories import Story, find_stories
from research.topics.tracking import SharesOverTime, periods_of, shares_over_time

__all__ = ["Lineage", "Mentions", "Novelty", "SharesOverTime", "Story", "TopicModel", "find_stories", "lineage", "periods_of", "shares_over_time"]
