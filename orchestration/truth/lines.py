"""One simulated company through the line, on a data dir of its own below the data dir, and what came of it."""

import shutil
from pathlib import Path

from ingest import agreement, world
from ingest.settings import Settings
from ingest.systems.connected import LOADS

from orchestration.building import build
from orchestration.dbt import PROJECT
from orchestration.truth.scores import Score, score

MODELS = ["+stage_mismatches", "+person_records"]


def seen_through(
    data: Path, pair: str, seed: int, people: int, faults: dict[str, float] | None, *, keep: bool
) -> list[Score]:
    """Write the company, load it, build its models, and score each cause; `keep` leaves it in truth/<pair>-<seed>."""
    folder, work = data.absolute() / "truth" / f"{pair}-{seed}", data.absolute() / "truth" / "line"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(work, ignore_errors=True)
    try:
        world.write(folder, people, seed, pair, faults)
        _load(Settings(data=work, sources=folder / "sources.yml", agreement=_agreement(pair)))
        build(work, MODELS, parsed_in=data)  # always the same path: dbt parses anew for another
        if keep:
            (work / "warehouse.duckdb").rename(folder / "warehouse.duckdb")
        return score(pair, seed, (folder if keep else work) / "warehouse.duckdb", folder / "truth")
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def seeds_of(words: str) -> list[int]:
    """What `--seeds` says; raises ValueError where it names none, or anything else."""
    seeds = words.replace(",", " ").split()
    if not seeds or not all(seed.isdecimal() for seed in seeds):
        raise ValueError(f'--seeds "{words}": whole numbers, with blanks between them')
    return [int(seed) for seed in seeds]


def rates_of(pair: str, words: str) -> dict[str, float] | None:
    """What `--faults` says: `sample`, `none`, one rate for all that the sample has, `name=rate`, or both.

    Raises ValueError where it says something else.
    """
    if words.strip() == "sample":
        return None
    rates: dict[str, float] = {}
    for word in words.replace(",", " ").split() if words.strip() != "none" else []:
        name, _, rate = word.rpartition("=")
        try:
            share = float(rate)
        except ValueError:
            raise ValueError(f"--faults {word}: a rate is a number; `sample`, `none`, 0.01 or conflict=0.01") from None
        if not 0 <= share <= 1:
            raise ValueError(f"--faults {word}: a rate lies between 0 and 1")
        rates |= {name: share} if name else dict.fromkeys(world.rates(pair), share)
    return rates


def _agreement(pair: str) -> Path:
    return Path(PROJECT.project_dir) / "agreement" / "examples" / pair


def _load(settings: Settings) -> None:
    agreement.load(settings)
    for kind in sorted({system.kind for system in settings.read_sources().systems}):
        LOADS[kind](settings)
