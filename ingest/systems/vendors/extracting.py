"""How far an export reaches: what the extractor noted in `extractions`, else the moment of the load.

Beside what the source says that it has stands what raw holds after the load, so that the two can be compared.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from ingest.sources import System
from ingest.systems.files.sql import columns, identifier, literal
from ingest.systems.kinds import KINDS
from ingest.systems.loads import records_held
from ingest.systems.vendors.declaring import EXTRACTIONS
from ingest.systems.vendors.names import normalised
from ingest.systems.vendors.reading import SystemRead


@dataclass(frozen=True)
class Extraction:
    """What is known of how one raw table was extracted; null where nobody says.

    `is_increment`: only what was new was asked for. `rows_missed`: records that a sweep of all ids found and earlier
    extractions should have brought. `sweep_every_days`: how often a sweep follows such increments.
    """

    complete_through: datetime | None = None
    rows_at_source: int | None = None
    is_increment: bool = False
    rows_missed: int | None = None
    sweep_every_days: int | None = None

    def beside(self, other: "Extraction") -> "Extraction":
        """What is known of a table that two extractions feed: no more than of the one of which less is known."""
        counts = (self.rows_at_source, other.rows_at_source)
        missed = [one for one in (self.rows_missed, other.rows_missed) if one is not None]
        return Extraction(
            min((one for one in (self.complete_through, other.complete_through) if one), default=None),
            None if None in counts else sum(counts),
            self.is_increment or other.is_increment,
            sum(missed) if missed else None,
            self.sweep_every_days or other.sweep_every_days,
        )


Noted = dict[str, Extraction]  # by raw table


def note(con: duckdb.DuckDBPyConnection, system: System, read: SystemRead, noted: Noted, now: datetime) -> None:
    """Append one row for each raw table that was read without a fault."""
    for name, one in read.tables.items():
        if one.settled is None:
            continue
        found, raw = noted.get(name, Extraction()), f"raw_{system.kind}.{identifier(name)}"
        values = {
            "system": system.name,
            "object": name,
            "loaded_at": now,
            "complete_through": found.complete_through or now,
            "rows_landed": one.settled.rows,
            "rows_at_source": found.rows_at_source,
            "rows_held": records_held(con, raw, system.name, one.table.key, one.table.is_once),
            "is_increment": found.is_increment,
            "rows_missed": found.rows_missed,
            "sweep_every_days": found.sweep_every_days,
        }
        target = f"raw_{system.kind}.extractions ({columns(EXTRACTIONS)})"
        con.execute(
            f"insert into {target} values ({', '.join('?' * len(EXTRACTIONS))})", [values[name] for name in EXTRACTIONS]
        )


def was_loaded(con: duckdb.DuckDBPyConnection, system: System) -> bool:
    """Whether anything of a system has ever landed."""
    asked = f"select 1 from raw_{system.kind}.extractions where system = {literal(system.name)} limit 1"
    return con.execute(asked).fetchone() is not None


def noted_by_extractor(con: duckdb.DuckDBPyConnection, read: SystemRead) -> Noted:
    """What the file `extractions` says. A note about a file is one about every table that it feeds."""
    noted: Noted = {}
    if read.noted is None or read.noted.settled is None:
        return noted
    notes = con.execute(f"select object, complete_through, rows_at_source from ({read.noted.settled.sql})").fetchall()
    for written, complete_through, rows in notes:
        for table, origin in KINDS[read.system.kind].feeds.get(normalised(written), []):
            found = Extraction(complete_through, None if origin.nested else rows)
            noted[table.name] = found.beside(noted[table.name]) if table.name in noted else found
    return noted
