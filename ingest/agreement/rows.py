"""The agreement flattened to the rows of raw_agreement.*, with everything resolved that follows from the files alone.

Columns and types are declared here; the tables exist with them however little was agreed. `loading.py` writes them.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from ingest.agreement.references import IGNORED, may_say, pair
from ingest.agreement.shape import Agreement, Handoff, Range, StageSource
from ingest.agreement.terms import terms
from ingest.agreement.versions import applies, effective_from

FIRST, LAST = datetime(1900, 1, 1), datetime(9999, 12, 31)
LOWER_CASE = ("email_domain", "email_like", "title_like", "company_like")

Rows = Iterator[tuple]

COLUMNS = {
    "versions": "effective_from TIMESTAMP, in_force_from TIMESTAMP, in_force_until TIMESTAMP, timezone VARCHAR,"
    " currency VARCHAR, undo_within_seconds BIGINT, idle_ends_seconds BIGINT, source_file VARCHAR,"
    " content_hash VARCHAR",
    "signatures": "team VARCHAR, role VARCHAR, signed_on DATE",
    "stages": "stage VARCHAR, kind VARCHAR, rank INTEGER, owner VARCHAR, unit VARCHAR, meaning VARCHAR,"
    " reopens BOOLEAN, is_last BOOLEAN",
    "record_requirements": "stage VARCHAR, rank INTEGER, side VARCHAR",
    "stage_sources": "source VARCHAR, position INTEGER, system VARCHAR, side VARCHAR, kind VARCHAR, object VARCHAR,"
    " field VARCHAR, people VARCHAR, reason_field VARCHAR, enters VARCHAR, speaks_until VARCHAR,"
    " speaks_until_rank INTEGER",
    "source_values": "source VARCHAR, value VARCHAR, meaning VARCHAR, stage VARCHAR, rank INTEGER, from_rank INTEGER,"
    " to_rank INTEGER, is_correction BOOLEAN",
    "rule_conditions": "source VARCHAR, number INTEGER, kind VARCHAR, threshold DOUBLE, activity_kind VARCHAR",
    "rule_campaigns": "source VARCHAR, number INTEGER, campaign VARCHAR",
    "stage_authority": "stage VARCHAR, source VARCHAR, position INTEGER",
    "source_writers": "source VARCHAR, writer VARCHAR, kind VARCHAR",
    "syncs": "system VARCHAR, other_system VARCHAR, within_seconds BIGINT",
    "conversion_windows": "from_stage VARCHAR, to_stage VARCHAR, within_seconds BIGINT",
    "handoffs": "handoff VARCHAR, from_stage VARCHAR, to_stage VARCHAR, starts_on VARCHAR, within_seconds BIGINT,"
    " calendar_days VARCHAR, calendar_from VARCHAR, calendar_to VARCHAR, calendar_timezone VARCHAR",
    "handoff_stops": "handoff VARCHAR, stops_on VARCHAR",
    "handoff_holidays": "handoff VARCHAR, holiday DATE",
    "handoff_touch_kinds": "handoff VARCHAR, kind VARCHAR",
    "handoff_rejections": "handoff VARCHAR, rejection VARCHAR",
    "rejection_reasons": "value VARCHAR, reason VARCHAR",
    "team_members": "team VARCHAR, member VARCHAR",
    "side_owners": "side VARCHAR, team VARCHAR",
    "identity": "names_in_a_mailbox INTEGER, names_at_a_domain INTEGER, review_from DOUBLE, merge_from DOUBLE",
    "shared_mailboxes": "mailbox VARCHAR",
    "free_mail_domains": "domain VARCHAR",
    "rates": "currency VARCHAR, rate DOUBLE",
    "exclusions": "number INTEGER, field VARCHAR, value VARCHAR",
    "personas": "persona VARCHAR, position INTEGER, meaning VARCHAR",
    "persona_patterns": "persona VARCHAR, field VARCHAR, pattern VARCHAR",
    "reports": "report VARCHAR, owner VARCHAR, holds_over_relative DOUBLE, holds_over_absolute DOUBLE",
    "report_tables": "report VARCHAR, table_name VARCHAR",
    "terms": "term VARCHAR, kind VARCHAR, meaning VARCHAR, owner VARCHAR",
}


def rows(agreements: list[Agreement], correcting: list[Agreement] | None = None) -> dict[str, list[tuple]]:
    """The rows of every raw table, each with its version first; `agreements` are all versions, in order.

    `correcting` are those whose corrections count, where there are others than these.
    """
    tables = {name: [] for name in COLUMNS}
    tables["versions"] = list(_versions(agreements))
    for one in agreements:
        said = said_values(one, agreements if correcting is None else correcting)
        of_version = {
            "source_values": _source_values(one, said),
            "stage_authority": _stage_authority(one, said),
            "terms": terms(one),
            **{name: flatten(one) for name, flatten in _FLATTENED.items()},
        }
        for name, found in of_version.items():
            tables[name] += [(one.version, *row) for row in found]
    return tables


def content_hash(agreement: Agreement) -> str:
    """A hash of what was signed: not of comments and layout, nor of corrections, which may be added at any time."""
    signed = agreement.model_dump(mode="json", exclude={"corrections": True} | _unwritten(agreement))
    return hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()


def _unwritten(agreement: Agreement) -> dict:
    """Keys of later releases that are not written: without them the hash is what it was when the version was signed."""

    def of_handoff(one: Handoff) -> dict:
        keys = dict.fromkeys({"touch_kinds", "rejections"} - one.model_fields_set, True)
        if one.calendar and "holidays" not in one.calendar.model_fields_set:
            keys["calendar"] = {"holidays"}
        return keys

    handoffs = {place: keys for place, one in enumerate(agreement.handoffs) if (keys := of_handoff(one))}
    return dict.fromkeys({"identity"} - agreement.model_fields_set, True) | ({"handoffs": handoffs} if handoffs else {})


def said_values(agreement: Agreement, agreements: list[Agreement]) -> dict[str, dict[str, tuple[str | Range, bool]]]:
    """Source → value → (meaning, is a correction): what a version says with the corrections of all versions."""
    said = {
        source.name: {value: (meaning, False) for value, meaning in source.values.items()}
        for source in agreement.stage_sources
    }
    for other in agreements:
        for one in other.corrections:
            if applies(agreement, one.source, one.means):
                said[one.source][one.value] = (one.means, True)
    return said


def _versions(agreements: list[Agreement]) -> Rows:
    starts = [effective_from(one) for one in agreements]
    ends = [*starts[1:], LAST]
    for number, one in enumerate(agreements):
        in_force_from = starts[number] if number else FIRST
        undo_within, idle_ends = one.cycles.undo_within, one.cycles.idle_ends
        yield (one.version, starts[number], in_force_from, ends[number], one.timezone, one.currency, undo_within,
               idle_ends, one.source_file, content_hash(one))  # fmt: skip


def _signatures(agreement: Agreement) -> Rows:
    for team in ("marketing", "sales"):
        signature = getattr(agreement.signed, team)
        yield team, signature.role, signature.on


def _stages(agreement: Agreement) -> Rows:
    last = len(agreement.stages)
    for rank, one in enumerate(agreement.stages, 1):
        yield one.name, "stage", rank, one.owner, one.unit, one.meaning, None, rank == last
    for name, one in agreement.exits.items():
        yield name, "exit", None, one.owner, one.unit, one.meaning, one.reopens, False


def _record_requirements(agreement: Agreement) -> Rows:
    for rank, stage in enumerate(agreement.stages, 1):
        for side in dict.fromkeys(stage.record_required_in):
            yield stage.name, rank, side


def _stage_sources(agreement: Agreement) -> Rows:
    for position, one in enumerate(agreement.stage_sources, 1):
        on, _, field = one.field.partition(".") if one.field else (None, None, None)
        people = (one.people or "primary") if one.kind == "opportunity" else None
        reason_field = one.reason_field and one.reason_field.partition(".")[2]
        yield (one.name, position, one.system, one.side, one.kind, on, field, people, reason_field, one.enters,
               one.speaks_until, agreement.ranks.get(one.speaks_until))  # fmt: skip


def _source_values(agreement: Agreement, said) -> Rows:
    ranks = agreement.ranks
    for source, values in said.items():
        for value, (meaning, is_correction) in values.items():
            if isinstance(meaning, Range):
                row = ("range", None, None, ranks[meaning.from_], ranks[meaning.to])
            elif meaning == IGNORED:
                row = ("ignore", None, None, None, None)
            elif meaning in ranks:
                row = ("stage", meaning, ranks[meaning], ranks[meaning], ranks[meaning])
            else:
                row = ("exit", meaning, None, None, None)
            yield (source, value, *row, is_correction)


def _rule_conditions(agreement: Agreement) -> Rows:
    for source in agreement.stage_sources:
        for number, one in enumerate(source.any, 1):
            kind = "activity" if one.score_crosses is None else "score_crosses"
            yield source.name, number, kind, one.score_crosses, one.activity


def _rule_campaigns(agreement: Agreement) -> Rows:
    for source in agreement.stage_sources:
        for number, one in enumerate(source.any, 1):
            for campaign in dict.fromkeys(one.campaign):
                yield source.name, number, campaign


def _stage_authority(agreement: Agreement, said) -> Rows:
    named = [(one.name, one.authority) for one in agreement.stages]
    named += [(name, one.authority) for name, one in agreement.exits.items()]
    for name, authority in named:
        if authority is None:
            authority = [one.name for one in agreement.stage_sources if may_say(agreement, one, name, _says(one, said))]
        for position, source in enumerate(authority, 1):
            yield name, source, position


def _says(source: StageSource, said) -> set[str]:
    return {meaning for meaning, _ in said[source.name].values() if isinstance(meaning, str)} | {source.enters}


def _source_writers(agreement: Agreement) -> Rows:
    for source in agreement.stage_sources:
        for kind, writers in (("forward_only", source.forward_only_writers), ("company", source.company_writers)):
            for writer in dict.fromkeys(writers):
                yield source.name, writer, kind


def _syncs(agreement: Agreement) -> Rows:
    for one in agreement.sync:
        yield (*one.between, one.within)
        yield (*reversed(one.between), one.within)


def _conversion_windows(agreement: Agreement) -> Rows:
    for key, seconds in agreement.windows.items():
        yield (*pair(agreement, key), seconds)


def _handoffs(agreement: Agreement) -> Rows:
    for one in agreement.handoffs:
        hours = (None, None, None, None)
        if one.calendar:
            hours = (",".join(one.calendar.days), *one.calendar.hours, one.calendar.timezone or agreement.timezone)
        yield (one.name, one.from_, one.to, one.starts_on, one.within, *hours)


def _handoff_stops(agreement: Agreement) -> Rows:
    for one in agreement.handoffs:
        for stop in dict.fromkeys(one.stops_on):
            yield one.name, stop


def _handoff_holidays(agreement: Agreement) -> Rows:
    for one in agreement.handoffs:
        for holiday in dict.fromkeys(one.calendar.holidays if one.calendar else []):
            yield one.name, holiday


def _handoff_touch_kinds(agreement: Agreement) -> Rows:
    for one in agreement.handoffs:
        for kind in dict.fromkeys(one.touch_kinds):
            yield one.name, kind


def _handoff_rejections(agreement: Agreement) -> Rows:
    owner_of = {stage.name: stage.owner for stage in agreement.stages}
    for one in agreement.handoffs:
        receiving = (owner_of[one.to], None)
        theirs = [name for name, exit in agreement.exits.items() if exit.unit == "person" and exit.owner in receiving]
        for name in dict.fromkeys(theirs if one.rejections is None else one.rejections):
            yield one.name, name


def _team_members(agreement: Agreement) -> Rows:
    for team, members in agreement.teams.items():
        for member in members:
            yield team, member


def _exclusions(agreement: Agreement) -> Rows:
    for number, fields in enumerate(agreement.exclude, 1):
        for field, values in fields.items():
            for value in dict.fromkeys(values):
                yield number, field, value.lower() if field in LOWER_CASE else value


def _identity(agreement: Agreement) -> Rows:
    one = agreement.identity
    yield one.names_in_a_mailbox, one.names_at_a_domain, one.review_from, one.merge_from


def _shared_mailboxes(agreement: Agreement) -> Rows:
    for mailbox in dict.fromkeys(mailbox.lower() for mailbox in agreement.identity.shared_mailboxes):
        yield (mailbox,)


def _free_mail_domains(agreement: Agreement) -> Rows:
    for domain in dict.fromkeys(domain.lower() for domain in agreement.identity.free_mail):
        yield (domain,)


def _persona_patterns(agreement: Agreement) -> Rows:
    for one in agreement.personas:
        for field in ("title_like", "industry", "company_like", "country"):
            for pattern in dict.fromkeys(getattr(one, field)):
                yield one.name, field.removesuffix("_like"), pattern.lower()


def _reports(agreement: Agreement) -> Rows:
    for one in agreement.reports:
        limits = one.holds_over
        yield one.name, one.owner, limits and limits.relative, limits and limits.absolute


_FLATTENED = {
    "signatures": _signatures,
    "stages": _stages,
    "record_requirements": _record_requirements,
    "stage_sources": _stage_sources,
    "rule_conditions": _rule_conditions,
    "rule_campaigns": _rule_campaigns,
    "source_writers": _source_writers,
    "syncs": _syncs,
    "conversion_windows": _conversion_windows,
    "handoffs": _handoffs,
    "handoff_stops": _handoff_stops,
    "handoff_holidays": _handoff_holidays,
    "handoff_touch_kinds": _handoff_touch_kinds,
    "handoff_rejections": _handoff_rejections,
    "rejection_reasons": lambda agreement: agreement.rejection_reasons.items(),
    "team_members": _team_members,
    "side_owners": lambda agreement: (("crm", agreement.mends.crm), ("map", agreement.mends.map)),
    "identity": _identity,
    "shared_mailboxes": _shared_mailboxes,
    "free_mail_domains": _free_mail_domains,
    "rates": lambda agreement: agreement.rates.items(),
    "exclusions": _exclusions,
    "personas": lambda agreement: ((one.name, rank, one.meaning) for rank, one in enumerate(agreement.personas, 1)),
    "persona_patterns": _persona_patterns,
    "reports": _reports,
    "report_tables": lambda agreement: ((one.name, table) for one in agreement.reports for table in one.tables),
}
