"""What people decide about open mismatches: acknowledge, snooze, reopen. Who, when and why stay in the history."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.triage.store import stored, transaction

REASONS = {"new": "reopened by hand", "acknowledged": "acknowledged", "snoozed": "snoozed"}
MENDED = "said to be mended"


@dataclass(frozen=True)
class Decision:
    """One decision about any number of mismatches: `state` is new, acknowledged or snoozed."""

    state: str
    who: str
    moment: datetime
    note: str | None = None
    snoozed_until: datetime | None = None
    is_mended: bool = False  # whoever acknowledges says that he has corrected it in the system


@dataclass(frozen=True)
class Seen:
    """A mismatch as whoever decides has it before him: its fingerprint, `queue.AS_SEEN` and its severity."""

    fingerprint: str
    as_seen: str | None
    severity: str | None


def decide(data: Path, decision: Decision, mismatches: list[Seen]) -> int:
    """Apply a decision to those that are still open, and count them; what was resolved meanwhile stays resolved."""
    told = {
        "state": decision.state,
        "reason": MENDED if decision.is_mended else REASONS[decision.state],
        "moment": stored(decision.moment),
        "who": decision.who,
        "note": decision.note,
        "until": stored(decision.snoozed_until) if decision.snoozed_until else None,
        "mended_at": stored(decision.moment) if decision.is_mended else None,
    }
    with transaction(data) as queue:
        queue.execute("create temp table decided (fingerprint text primary key, as_seen text, severity text)")
        queue.executemany(
            "insert or ignore into decided values (?, ?, ?)",
            [(one.fingerprint, one.as_seen, one.severity) for one in mismatches],
        )
        queue.execute(
            "delete from decided where fingerprint not in"
            " (select fingerprint from incidents where state <> 'resolved' and not (state = 'new' and :state = 'new'))",
            told,
        )
        queue.execute(
            "insert into changes (fingerprint, state, reason, changed_at, changed_by, snoozed_until, note)"
            " select fingerprint, :state, :reason, :moment, :who, :until, :note from decided order by fingerprint",
            told,
        )
        return queue.execute(
            f"""
            update incidents set
                state = :state, changed_at = :moment, changed_by = :who, note = :note, snoozed_until = :until,
                acknowledged_as = {_when_acknowledged("as_seen")},
                acknowledged_severity = {_when_acknowledged("severity")},
                mended_at = :mended_at
            where fingerprint in (select fingerprint from decided)
            """,
            told,
        ).rowcount


def _when_acknowledged(column: str) -> str:
    chosen = f"(select decided.{column} from decided where decided.fingerprint = incidents.fingerprint)"
    return f"case when :state = 'acknowledged' then {chosen} end"
