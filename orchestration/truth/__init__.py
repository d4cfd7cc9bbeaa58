"""What the line finds in companies whose truth is known, held against that truth: by person and by cause.

A company is simulated (`ingest.world`), loaded and built like any other; only here is its truth read. Nothing of it is
published, and no model knows of it. What is printed stands in `terminal/truth.py`.
"""

from orchestration.truth.lines import rates_of, seeds_of, seen_through
from orchestration.truth.scores import CAUSES, Score, is_proven, over_all_seeds, written

__all__ = ["CAUSES", "Score", "is_proven", "over_all_seeds", "rates_of", "seeds_of", "seen_through", "written"]
