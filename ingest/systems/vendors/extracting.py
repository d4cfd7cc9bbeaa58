"""How far an export reaches: what the extractor noted in `extractions`, else the moment of the load.

Beside what the source says that it has stands what raw holds after the load, so that the two can be compared.
"""

from datetime import datetime

import duckdb

from ingest.sources import System
from ingest.systems.files.sql import identifier, literal
from ingest.systems.kinds import KINDS
from ingest.systems.loads import records_held
from ingest.systems.vendors.declaring import EXTRACTIONS
from ingest.systems.vendors.names import normalised
from ingest.systems.vendors.reading import SystemRead

Noted = dict[str, tuple[datetime | None, int | None]]  # raw table → complete_through, rows_at_source


def note(con: duckdb.DuckDBPyConnection, system: System, read: SystemRead, noted: Noted, now: datetime) -> None:
    """Append one row for each raw table that was read without a fault."""
    for name, one in read.tables.items():
        if one.settled is None:
            continue
        complete_through, rows_at_source = noted.get(name, (None, None))
        con.execute(
            f"insert into raw_{system.kind}.extractions ({', '.join(EXTRACTIONS)}) values (?, ?, ?, ?, ?, ?, ?)",
            [
                system.name,
                name,
                now,
                complete_through or now,
                one.settled.rows,
                rows_at_source,
                records_held(
                    con, f"raw_{system.kind}.{identifier(name)}", system.name, one.table.key, one.table.is_once
                ),
            ],
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
            rows_here = None if origin.nested else rows
            reaches, counted = noted.get(table.name, (complete_through, 0 if rows_here is not None else None))
            earliest = min((one for one in (reaches, complete_through) if one), default=None)
            noted[table.name] = (earliest, None if counted is None or rows_here is None else counted + rows_here)
    return noted
