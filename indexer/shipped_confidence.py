"""The confidence model shipped with polyfaq, for content that teaches too little by itself.

Learnt by `python -m benchmarks.shipped_confidence` from contents with one phrasing an entry: no
likelihoods of entries can be learnt there, so that features made of them count for nothing.
"""

from __future__ import annotations

from typing import Final

from indexer.logistic import Logistic
from indexer.probability import Probability

# In the order of `indexer.features.FEATURES`, rounded. The likelihood of an entry, the same for all
# of a content here, is a part of the second intercept.
RIGHT: Final = Probability(Logistic(-5.0, (0.0, 0.0, 3.6, 15.4, 0.0, 2.3, 0.0, 0.6, 0.0, 6.7)))
AMONG_FIRST: Final = Probability(
    Logistic(-6.0, (0.0, 0.0, 7.2, 18.8, 0.0, 2.3, 0.2, 0.0, 0.0, 0.0))
)

THRESHOLD: Final = 0.95
"""For content that nothing is known of: the lowest that keeps the budget in all these contents
together, each asked by a model learnt from the others."""
