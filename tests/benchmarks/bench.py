"""What the line costs: time and peak memory of each step, beside the same marts written by hand, in one run.

`make bench` (PEOPLE="10000 100000 1000000", PAIR=salesforce-marketo, FAULTS=none for a company without faults). Every
step is a process of its own; a model's seconds are dbt's. CPU seconds count where others use the machine too. Results
lie in <data dir>/bench/<pair>/: costs.json, cost.svg, cost.png, cost.html. Never part of `make test`.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import drawing
import duckdb
from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
AGREEMENTS = REPOSITORY / "dbt_project" / "agreement" / "examples"
BAR_MEMORY_GB, BAR_RATIO, BAR_CHECKS = 4.0, 3.0, 0.15
PANDAS_UP_TO = 100_000
MODELS = {
    "staging": ["path:models/staging", "int_clock"],
    "identity": ["path:models/intermediate/identity"],
    "accounts": ["path:models/intermediate/accounts"],
    "stages": ["path:models/intermediate/stages"],
    "comparison": ["path:models/intermediate/comparison"],
    "cycles": ["path:models/intermediate/cycles"],
    "handoffs": ["path:models/intermediate/handoffs"],
    "metrics": [
        "path:models/intermediate/metrics",
        "path:models/intermediate/comparison,path:models/intermediate/metrics+",
    ],
    "causes": ["path:models/intermediate/causes"],
    "scores": ["path:models/intermediate/scores"],
    "restatements": ["path:models/intermediate/restatements"],
    "marts": ["path:models/marts"],
    "reports": ["path:models/reports"],
}
NOT_BY_HAND = ("accounts", "handoffs", "causes", "scores", "restatements")  # what the script by hand does not attempt
REACHED = "unit = 'person' and basis = 'cohort' and segment = 'all' and stage = '{}'"
FIGURES = {
    "people": ("marts.people where not is_deleted", "people where not is_deleted", "count(*)"),
    "mismatches": ("marts.stage_mismatches", "stage_mismatches", "count(*)"),
    **{
        f"reached {stage}": (
            f"reports.funnel_by_month where {REACHED.format(stage)}",
            f"funnel_by_month where {REACHED.format(stage)}",
            "sum(reached)",
        )
        for stage in ("inquiry", "mql", "sal", "sql", "opportunity", "won")
    },
}
DEFINED_ALIKE = ("people", "reached inquiry", "reached opportunity", "reached won")  # where nothing is wrong


@dataclass
class Cost:
    """One step: seconds on the wall and of CPU, peak memory in GB, and what its models took."""

    step: str
    people: int
    seconds: float
    cpu_seconds: float
    peak_gb: float
    models: dict[str, float] = field(default_factory=dict)


def measure(people: int, pair: str, folder: Path, faults: str) -> list[Cost]:
    """The whole line on a new company, step by step, then the same by hand."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    world, data, dbt_target = folder / "world", folder / "line", folder / "dbt"
    environment = os.environ | {
        "ONEFUNNEL_DATA": str(data),
        "ONEFUNNEL_SOURCES": str(world / "sources.yml"),
        "ONEFUNNEL_AGREEMENT": str(AGREEMENTS / pair),
        "DBT_PROFILES_DIR": str(REPOSITORY / "dbt_project"),
        "DBT_TARGET_PATH": str(dbt_target),
        "DBT_LOG_PATH": str(dbt_target),
        "PYTHONPATH": str(REPOSITORY),
    }
    costs = []

    def step(name: str, *words: str, cwd: Path = REPOSITORY) -> Cost:
        costs.append(_run(name, people, [str(word) for word in words], environment, cwd))
        return costs[-1]

    step("world", sys.executable, HERE / "company.py", people, pair, world, faults)
    step("load", sys.executable, HERE / "steps.py", "load")
    step("dbt parses", BIN / "dbt", "--quiet", "parse", cwd=REPOSITORY / "dbt_project")
    for name, selected in MODELS.items():
        words = ["--quiet", "run", "--select", *selected]
        if name == "comparison":
            words += ["--exclude", "path:models/intermediate/metrics+"]
        cost = step(name, BIN / "dbt", *words, cwd=REPOSITORY / "dbt_project")
        results = json.loads((dbt_target / "run_results.json").read_text())["results"]
        cost.models = {result["unique_id"].split(".")[-1]: round(result["execution_time"], 2) for result in results}
        if name == "marts":
            step("import of checks", sys.executable, HERE / "steps.py", "import_checks")
            step("checks", sys.executable, HERE / "steps.py", "checks")
    measured = {model for cost in costs for model in cost.models}
    unmeasured = [name for name in _models(dbt_target) if name not in measured]
    assert not unmeasured, f"of no step, so not built: {unmeasured}"
    step("data tests", BIN / "dbt", "--quiet", "test", "--select", "test_type:data", cwd=REPOSITORY / "dbt_project")
    step("publish", sys.executable, HERE / "steps.py", "publish")
    if pair == "salesforce-marketo":
        step("by hand", sys.executable, HERE / "by_hand.py", world, folder / "by_hand.duckdb")
        if people <= PANDAS_UP_TO:
            step(
                "by hand in pandas", sys.executable, HERE / "by_hand_pandas.py", world, folder / "by_hand_pandas.duckdb"
            )
    return costs


def _models(dbt_target: Path) -> list[str]:
    nodes = json.loads((dbt_target / "manifest.json").read_text())["nodes"].values()
    return [
        node["name"]
        for node in nodes
        if node["resource_type"] == "model"
        and node["config"]["enabled"]
        and node["config"]["materialized"] != "ephemeral"
    ]


def _run(step: str, people: int, words: list[str], environment: dict[str, str], cwd: Path) -> Cost:
    started = time.monotonic()
    process = subprocess.Popen(words, env=environment, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = []
    reader = threading.Thread(target=lambda: said.append(process.stdout.read()))
    reader.start()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    if process.returncode:
        raise SystemExit(f"{step}: {b''.join(said).decode()[-3000:]}")
    seconds = time.monotonic() - started
    cost = Cost(
        step, people, round(seconds, 2), round(used.ru_utime + used.ru_stime, 2), round(used.ru_maxrss / 1024**2, 2)
    )
    print(
        f"{people:>9,} {step:<18} {cost.seconds:8.1f} s {cost.cpu_seconds:8.1f} CPU s {cost.peak_gb:6.2f} GB",
        flush=True,
    )
    return cost


def ratio(costs: list[Cost], people: int) -> tuple[float, float]:
    """The models of the same marts, for one of the script by hand: CPU with every start of dbt, seconds without."""
    of = {cost.step: cost for cost in costs if cost.people == people}
    both = [step for step in MODELS if step not in NOT_BY_HAND]
    cpu_seconds = sum(of[step].cpu_seconds for step in both)
    seconds = sum(sum(of[step].models.values()) for step in both)
    return cpu_seconds / of["by hand"].cpu_seconds, seconds / of["by hand"].seconds


def share_of_checks(costs: list[Cost], people: int) -> tuple[float, float, float]:
    """CPU seconds of the import, of the checks without it, and the share of these in the build of all models."""
    of = {cost.step: cost.cpu_seconds for cost in costs if cost.people == people}
    imported = of["import of checks"]
    asked = of["checks"] - imported
    return imported, asked, asked / sum(of[step] for step in MODELS)


def compared(folder: Path) -> list[tuple[str, int, int]]:
    """Figures that both have, some of them by simpler definitions by hand: name, the line's, the hand's."""
    found = []
    with (
        duckdb.connect(folder / "line" / "warehouse.duckdb", read_only=True) as line,
        duckdb.connect(folder / "by_hand.duckdb", read_only=True) as hand,
    ):
        for name, (ours, theirs, figure) in FIGURES.items():
            told = [
                con.execute(f"select {figure} from {what}").fetchone()[0]
                for con, what in ((line, ours), (hand, theirs))
            ]
            found.append((name, *(int(number or 0) for number in told)))
    return found


def show(costs: list[Cost], figures: dict[int, list[tuple[str, int, int]]]) -> None:
    """The table of all steps at all sizes, the two bars, and the figures beside those by hand."""
    console, sizes = Console(), sorted({cost.people for cost in costs})
    table = Table("step", *(f"{people:,} people: s, CPU s, GB" for people in sizes))
    for step in dict.fromkeys(cost.step for cost in costs):
        of = {cost.people: cost for cost in costs if cost.step == step}
        shown = [of.get(people) for people in sizes]
        table.add_row(step, *(f"{c.seconds:.1f}  {c.cpu_seconds:.1f}  {c.peak_gb:.2f}" if c else "" for c in shown))
    console.print(table)
    worst = max((cost for cost in costs if not cost.step.startswith("by hand")), key=lambda cost: cost.peak_gb)
    console.print(
        f"Peak memory: {worst.peak_gb} GB ({worst.step}, {worst.people:,} people); the bar is {BAR_MEMORY_GB} GB."
    )
    for people in sizes:
        imported, asked, share = share_of_checks(costs, people)
        console.print(
            f"{people:,} people: the checks take {asked:.1f} CPU s, {share:.1%} of the build's, and {imported:.1f} to"
            f" import Great Expectations; the bar is {BAR_CHECKS:.0%}."
        )
        if any(cost.step == "by hand" and cost.people == people for cost in costs):
            (cpu, alone), starts = ratio(costs, people), len(MODELS) - len(NOT_BY_HAND)
            console.print(
                f"{people:,} people: the models take {cpu:.1f} times the CPU of the script by hand, {starts} "
                f"starts of dbt among it, and {alone:.1f} times its seconds without them; the bar is {BAR_RATIO}."
            )
        for name, ours, theirs in figures.get(people, []):
            console.print(
                f"  {name}: {ours:,} by the line, {theirs:,} by hand ({ours / theirs - 1 if theirs else 0:+.2%})"
            )


def main(sizes: list[int], pair: str, faults: str) -> None:
    """Measure every size, keep the costs, draw them."""
    out = Path(os.environ.get("ONEFUNNEL_DATA", REPOSITORY / "data")).absolute() / "bench" / pair
    costs, figures = [], {}
    for people in sizes:
        folder = out / str(people)
        costs += measure(people, pair, folder, faults)
        if (folder / "by_hand.duckdb").exists():
            figures[people] = compared(folder)
        (out / "costs.json").write_text(json.dumps({
            "pair": pair, "faults": faults, "costs": [asdict(cost) for cost in costs], "figures": figures,
        }, indent=1))  # fmt: skip
    drawing.draw(costs, out)
    show(costs, figures)
    if faults == "none":
        differing = [name for told in figures.values() for name, a, b in told if name in DEFINED_ALIKE and a != b]
        assert not differing, f"defined alike, and differing: {differing}"
    Console().print(f"{out}/costs.json, cost.svg, cost.png, cost.html", soft_wrap=True)


if __name__ == "__main__":
    main([int(people) for people in sys.argv[3:]], sys.argv[1], sys.argv[2])
