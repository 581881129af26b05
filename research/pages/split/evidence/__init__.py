"""What speaks for each block being a headline, a sub-heading, an item's beginning …

``observations`` names what is observed, in the order of the learned weights; ``arrays`` holds the
blocks' properties; ``wording``, ``surroundings``, ``typesetting`` and ``vocabulary`` observe.
Only observes: the weight of an observation was learned.

May touch: ``blocks``, ``shared_words`` and below.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from research.pages.split.blocks import Block
from research.pages.split.evidence.arrays import BlockArrays
from research.pages.split.evidence.observations import OBSERVED
from research.pages.split.evidence.surroundings import observe_after, observe_before
from research.pages.split.evidence.typesetting import observe_typesetting
from research.pages.split.evidence.vocabulary import observe_vocabulary
from research.pages.split.evidence.wording import observe_wording

__all__ = ["OBSERVED", "observe"]


def observe(blocks: Sequence[Block]) -> NDArray[np.float64]:
    """Return the observations of every block, (n_blocks, n_evidence), in the order of OBSERVED.

    Most are 0 or 1, none is beyond ±3.
    """
    arrays = BlockArrays(blocks)
    observations = (
        observe_wording(arrays)
        | observe_before(arrays)
        | observe_typesetting(arrays)
        | observe_after(arrays)
        | observe_vocabulary(blocks, arrays)
    )
    return np.array([observations[name] for name in OBSERVED], dtype=np.float64).T
