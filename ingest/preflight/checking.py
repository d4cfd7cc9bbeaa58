"""Both files, every system's exports read into memory, and what the agreement expects of them."""

import tempfile
from pathlib import Path

import duckdb

from ingest import agreement
from ingest.agreement import Agreement, AgreementError
from ingest.agreement.loading import write
from ingest.agreement.problems import nearest
from ingest.agreement.rows import rows
from ingest.agreement.shape import StageSource
from ingest.agreement.versions import effective_from
from ingest.preflight import values, vendors
from ingest.preflight.findings import Findings
from ingest.settings import REPOSITORY, Settings
from ingest.sources import Sources, SourcesError, System
from ingest.systems.connectors.asking import look
from ingest.systems.connectors.spool import spool_of
from ingest.systems.files import SystemRead, read_system
from ingest.systems.files.reading import drop_temp_tables

FIRST_RECORDS = 3
REPORTS = REPOSITORY / "dbt_project" / "models" / "reports"


def check(settings: Settings) -> Findings:
    """Everything that would stop a load or mean nothing; reads the exports and writes nothing."""
    found, versions, sources = Findings(), [], None
    try:
        versions = agreement.read(settings.agreement)
    except AgreementError as error:
        found.errors += map(str, error.problems)
    try:
        sources = settings.read_sources()
    except SourcesError as error:
        found.errors += map(str, error.faults)
        return found
    current = _current(versions, settings)
    for version in current:
        _check_names(version, sources, found)
    _check_reports(current, found)
    with duckdb.connect() as con:
        write(con, rows(versions))
        users = [_check_system(con, settings, system, versions, current, found) for system in sources.systems]
    _check_members(current, [user for of_system in users for user in of_system], found)
    for kind in ("errors", "warnings", "infos"):
        setattr(found, kind, list(dict.fromkeys(getattr(found, kind))))
    return found


def check_draft(draft: Agreement, sources: Sources, file: str) -> Findings:
    """What a draft of the agreement names that is not connected, or that nothing builds; reads no export."""
    found = Findings()
    _check_names(draft, sources, found, file)
    _check_reports([draft], found, file)
    return found


def _current(versions: list[Agreement], settings: Settings) -> list[Agreement]:
    """The versions that are in force now or later: an older one may well speak of a system that is gone."""
    now = settings.clock().replace(tzinfo=None)
    started = [number for number, one in enumerate(versions) if effective_from(one) <= now]
    return versions[started[-1] if started else 0 :]


def _check_names(version: Agreement, sources: Sources, found: Findings, file: str | None = None) -> None:
    file, systems = file or version.source_file, {system.name: system for system in sources.systems}
    for source in version.stage_sources:
        key = f"{file}: stage_sources[{source.name}]"
        if source.system not in systems:
            found.errors.append(
                f"{key}.system: {source.system!r} is not in sources.yml: {nearest(source.system, systems)}"
            )
        elif (role := systems[source.system].role) not in (source.side, "both"):
            found.warnings.append(
                f"{key}.side: is {source.side}, but sources.yml gives {source.system} the role {role}"
            )
    for number, sync in enumerate(version.sync, 1):
        for name in sync.between:
            if name not in systems:
                key = f"{file}: sync[{number}].between"
                found.errors.append(f"{key}: {name!r} is not in sources.yml: {nearest(name, systems)}")


def _check_reports(versions: list[Agreement], found: Findings, file: str | None = None) -> None:
    """A table that no model builds is gated by nothing: mostly a slip of the pen."""
    models = sorted(path.stem for path in REPORTS.glob("*.sql"))
    for version in versions:
        for report in version.reports:
            for table in report.tables if models else ():
                if table not in models:
                    key = f"{file or version.source_file}: reports[{report.name}].tables"
                    found.warnings.append(f"{key}: no model builds {table!r}: {nearest(table, models)}")


def _check_system(
    con, settings: Settings, system: System, versions: list[Agreement], current: list[Agreement], found: Findings
) -> list[str]:
    """Read one system and look at it; returns who its users are (ids, e-mails, names)."""
    if system.kind != "files":
        return _check_vendor(con, settings, system, versions, current, found)
    read = read_system(con, system)
    found.errors += map(str, read.wrongs)
    if read.left_for_later:
        found.warnings.append(f"{system.name}: its files changed while they were read: check again")
    tables = set(read.tables) & {
        name for (name,) in con.execute("select table_name[6:] from duckdb_tables()").fetchall()
    }
    if not set(read.tables) <= tables:
        found.warnings.append(f"{system.name}: its values are not checked until its files are right")
        return []
    _report_rejected(con, system, read, found)
    known = _fields(con, system, tables)
    for version in current:
        for source in version.stage_sources:
            if source.system == system.name:
                _check_source(con, f"{version.source_file}: stage_sources[{source.name}]", source, known, tables, found)
    _look_at_values(con, system, versions, tables, found)
    return _users(con, tables)


def _check_vendor(
    con, settings: Settings, system: System, versions: list[Agreement], current: list[Agreement], found: Findings
):
    """The same for exports in the vendor's shape; of rules only scores, for activities get their kinds in staging."""
    if system.path is None:
        looked = look(system, spool_of(settings, system))
        found.errors += map(str, looked.wrongs)
        found.infos += looked.messages
        return []
    drop_temp_tables(con)
    with tempfile.TemporaryDirectory() as scratch:
        read, tables = vendors.read(con, system, Path(scratch))
    found.errors += map(str, read.all_wrongs)
    found.infos += read.messages
    known = {f"{on}.{field}" for on, fields in system.known_fields.items() for field in fields}
    for version in current:
        for source in version.stage_sources:
            if source.system == system.name and source.kind != "rule" and (tables or not read.all_wrongs):
                key = f"{version.source_file}: stage_sources[{source.name}]"
                _check_source(con, key, source, known, tables, found)
    _look_at_values(con, system, versions, tables, found)
    return _users(con, tables)


def _look_at_values(con, system: System, versions: list[Agreement], tables: set[str], found: Findings) -> None:
    # The same source under its name in the last version that reads it from this system.
    of_system = {one.name: one for version in versions for one in version.stage_sources if one.system == system.name}
    for source in of_system.values():
        if source.kind != "rule":
            looked = values.look(con, versions, source, tables)
            found.unmapped += looked.unmapped
            found.warnings += looked.warnings
            found.infos += looked.infos


def _users(con: duckdb.DuckDBPyConnection, tables: set[str]) -> list[str]:
    if "users" not in tables:
        return []
    users = con.execute("select unnest([user_id, lower(email), name]) as who from read_users").fetchall()
    return [who for (who,) in users if who]


def _report_rejected(con: duckdb.DuckDBPyConnection, system: System, read: SystemRead, found: Findings) -> None:
    """Bad rows of tables that would still load; those of the others are among the errors already."""
    within = [
        name for name, one in read.tables.items() if one.rejected <= system.bad_rows_at_most * max(one.rows_read, 1)
    ]
    query = f"""
        select table_name, source_file, column_name, reason, count(*),
            list_sort(list(record_number))[:{FIRST_RECORDS}]
        from {read.rejected} where list_contains(?, table_name) group by all order by all
        """
    for table, file, column, reason, count, first in con.execute(query, [within]).fetchall():
        where = f"{system.name}: {file}:" + (f" column {column!r}:" if column else "")
        records = ", ".join(str(number) for number in first)
        found.warnings.append(f"{where} {reason}: {count} of {table} would be set aside, first in record {records}")


def _fields(con: duckdb.DuckDBPyConnection, system: System, tables: set[str]) -> set[str]:
    """Every <object>.<field> that a mapping declares or an export holds."""
    known = set()
    for mapping in system.tables.get("people", []):
        on = mapping.columns["object"]
        objects = {on.value} if on.value is not None else set(on.map.values()) or {"lead", "contact", "prospect"}
        known |= {f"{one}.{field}" for one in objects for field in mapping.fields}
        known |= {f"{one}.score" for one in objects if "score" in mapping.columns}
    for table in tables & {"field_values", "field_changes"}:
        known |= {
            name for (name,) in con.execute(f"select distinct object || '.' || field from read_{table}").fetchall()
        }
        for mapping in system.tables.get(table, []):
            on, field = mapping.columns["object"], mapping.columns["field"]
            fields = [field.value, *field.map.values()]
            known |= {f"{one}.{name}" for one in [on.value, *on.map.values()] for name in fields if one and name}
    return known


def _check_source(con, key: str, source: StageSource, known: set[str], tables: set[str], found: Findings) -> None:
    if source.kind == "rule":
        found.warnings += [f"{key}.any{sentence}" for sentence in _silent_conditions(con, source, known, tables)]
    elif source.kind == "opportunity":
        if not tables & {"opportunities", "opportunity_changes"}:
            found.errors.append(f"{key}.field: {source.system} maps no table opportunities: map it in sources.yml")
    else:
        for name in ("field", "reason_field"):
            field = getattr(source, name)
            if field and field not in known:
                hint = nearest(field, sorted(known))
                found.errors.append(f"{key}.{name}: no table of {source.system} maps {field!r}: {hint}")


def _silent_conditions(con, source: StageSource, known: set[str], tables: set[str]):
    """Conditions of a rule that nothing in the data can fulfil."""
    kinds, campaigns = _named(con, "activities", "kind", tables), set()
    for column in ("campaign_id", "name"):
        campaigns |= _named(con, "campaigns", column, tables)
    for number, condition in enumerate(source.any, 1):
        if condition.activity is None:
            if not any(field.endswith(".score") for field in known):
                yield f"[{number}].score_crosses: no table of {source.system} maps a score"
        elif condition.activity not in kinds:
            hint = nearest(condition.activity, sorted(kinds))
            yield f"[{number}].activity: {condition.activity!r} was never seen: {hint}"
        for campaign in condition.campaign:
            if campaign not in campaigns:
                hint = nearest(campaign, sorted(campaigns)[:20])
                yield f"[{number}].campaign: {campaign!r} is no campaign's id or name: {hint}"


def _named(con: duckdb.DuckDBPyConnection, table: str, column: str, tables: set[str]) -> set[str]:
    if table not in tables:
        return set()
    return {name for (name,) in con.execute(f"select distinct {column} from read_{table}").fetchall() if name}


def _check_members(versions: list[Agreement], users: list[str], found: Findings) -> None:
    """Members are told by their place, for they may be named by e-mail."""
    known = set(users)
    for version in versions if known else ():
        for team, members in version.teams.items():
            for number, member in enumerate(members, 1):
                if member not in known and member.lower() not in known:
                    place = f"{version.source_file}: teams.{team}[{number}]"
                    found.infos.append(f"{place}: is no user's id, e-mail or name in any system")
