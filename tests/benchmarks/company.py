"""The company that is measured: `python company.py PEOPLE PAIR OUT sample|none` (its faults)."""

import sys
from pathlib import Path

from ingest import world

if __name__ == "__main__":
    people, pair, out, faults = sys.argv[1:]
    world.write(Path(out), people=int(people), seed=1, pair=pair, faults={} if faults == "none" else None)
