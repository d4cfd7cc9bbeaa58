"""The queue of mismatches for a terminal: on 80 columns, whatever people typed into the systems."""

from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.triage.inert import for_terminal

COLOURS = {"high": "red", "medium": "yellow", "low": "dim", "new": "bold", "resolved": "green"}
SHORT = 10  # so much of a fingerprint tells it from all others


def show_list(console: Console, rows: list[dict], fitting: int, counts: dict[str, int]) -> None:
    """How many there are, and the first of those that were asked for, two lines each."""
    states = ", ".join(f"{counts[state]:,} {state}" for state in ("new", "acknowledged", "snoozed") if counts[state])
    console.print(
        f"{counts['open']:,} open{f': {states}' if states else ''}."
        f" Since last week {counts['went']:,} were resolved and {counts['came']:,} came.",
        highlight=False,
    )
    for row in rows:
        line = Text("\n")
        line.append(f"{row['fingerprint'][:SHORT]:<12}", "cyan")
        line.append(f"{row['severity']:<8}", COLOURS.get(row["severity"], ""))
        line.append(f"{row['state']:<14}", COLOURS.get(row["state"], ""))
        line.append(f"{for_terminal(row['cause']):<18}{for_terminal(row['owner_team'])}")
        console.print(line)
        console.print(Text(f"    {to_mend(row)}"))
        console.print(Text(f"    {_when(row)}", "dim"))
    if fitting > len(rows):
        console.print(f"\nThe first {len(rows):,} of {fitting:,}; --limit {fitting} shows all.", highlight=False)
    if rows:
        console.print(f"\nWhy, and what to do: onefunnel triage show {rows[0]['fingerprint'][:SHORT]}", highlight=False)
    if not rows and counts["open"]:
        console.print("None of them fits what was asked for.")


def to_mend(row: dict) -> str:
    """What stands where, and what should: one line."""
    if row["record_id"]:
        here = f"{row['system']} {row['field']} of {row['record_id']}: {row['value'] or 'nothing'}"
        return for_terminal(f"{here} → {row['expected_value'] or row['expected_stage'] or '?'}")
    if row["other_system"]:
        other = row["crm_record_id"] or row["map_record_id"]
        return for_terminal(f"{row['system']} has no record for {other} of {row['other_system']}")
    return "not in the current publication: its next one has the evidence"


def _when(row: dict) -> str:
    since = f"since {row['parted_at']:%Y-%m-%d}" if row["parted_at"] else ""
    parts = [since, f"until {row['snoozed_until']:%Y-%m-%d %H:%M} UTC" if row["snoozed_until"] else ""]
    if (row["people_in_work_item"] or 0) > 1 and row["state"] != "resolved":
        parts.append(f"one of {row['people_in_work_item']:,} in work item {row['work_item_id'][:SHORT]}")
    if row["changed_by"]:
        parts.append(f"{row['state']} by {for_terminal(row['changed_by'])}")
    if row["note"]:
        parts.append(f"“{for_terminal(row['note'])}”")
    return ", ".join(filter(None, parts))


def show_one(console: Console, row: dict, addresses: dict, entries: list[dict], history: list[dict]) -> None:
    """Both sides next to each other, what it means, what to do, and what has become of it so far."""
    console.print(Text(for_terminal(row["fingerprint"]), "cyan"))
    title = f"{row['cause']}, {row['severity']}, for {row['owner_team']}, {row['state']}"
    console.print(Text.assemble((for_terminal(title), "bold"), f", since {_utc(row['parted_at'])}\n"))
    if row["suggested_fix"]:
        _sides(console, row, addresses)
        _paragraph(console, "Why", row["evidence"])
        _paragraph(console, "What to do", row["suggested_fix"])
        _paragraph(console, "Expected", row["expected_value"] or row["expected_stage"] or "nothing that is agreed")
        others = (row["people_in_work_item"] or 1) - 1
        listing = f": onefunnel triage list --work-item {row['work_item_id'][:SHORT]}"
        _paragraph(console, "Work item", f"{others:,} more{listing}" if others else "nobody else")
    _paragraph(console, "Person", row["person_id"])
    _entries(console, entries, row["parted_at"])
    _history(console, history)


def _sides(console: Console, row: dict, addresses: dict) -> None:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("")
    for side in ("crm", "map"):
        table.add_column(f"{side.upper()}{', to mend' if row['side_to_mend'] == side else ''}", overflow="fold")
    records = {side: (row[f"{side}_system"], row[f"{side}_record_id"]) for side in ("crm", "map")}
    known = {side: addresses.get(record, (None, None)) for side, record in records.items()}
    is_opportunity = {side: (row[f"{side}_field"] or "").startswith("opportunity.") for side in ("crm", "map")}
    lines = {
        "system": lambda side: row[f"{side}_system"],
        "record": lambda side: " ".join(filter(None, (known[side][0], row[f"{side}_record_id"]))) or "no record",
        "opportunity": lambda side: row["opportunity_id"] if is_opportunity[side] else None,
        "address": lambda side: known[side][1],
        "field": lambda side: row[f"{side}_field"],
        "value": lambda side: row[f"{side}_value"],
        "stage": lambda side: row[f"{side}_stage"],
        "since": lambda side: _utc(row[f"{side}_since"]),
        "written by": lambda side: row[f"{side}_writer"],
    }
    for name, of in lines.items():
        if of("crm") or of("map"):
            table.add_row(name, *(Text(for_terminal(of(side) or "-")) for side in ("crm", "map")))
    console.print(table)


def _entries(console: Console, entries: list[dict], parted_at: datetime | None) -> None:
    if entries:
        console.print(Text("\nIts stages around the parting", "bold"))
    is_told = False
    for entry in entries:
        if parted_at and entry["entered_at"] >= parted_at and not is_told:
            console.print(Text(f"  {_utc(parted_at)}  the systems part", "red"))
            is_told = True
        said = f"{entry['system']} {entry['record_id']}: {entry['value']}" if entry["system"] else ""
        console.print(Text(f"  {_utc(entry['entered_at'])}  {for_terminal(entry['stage']):<14}{for_terminal(said)}"))
    if entries and parted_at and not is_told:
        console.print(Text(f"  {_utc(parted_at)}  the systems part", "red"))


def _history(console: Console, history: list[dict]) -> None:
    console.print(Text("\nWhat has become of it", "bold"))
    for change in history:
        who = f" by {change['changed_by']}" if change["changed_by"] else ""
        until = f" until {_utc(change['snoozed_until'])}" if change["snoozed_until"] else ""
        note = f": “{change['note']}”" if change["note"] else ""
        said = f"{change['state']}: {change['reason']}" if change["reason"] != change["state"] else change["state"]
        console.print(Text(f"  {_utc(change['changed_at'])}  {for_terminal(f'{said}{who}{until}{note}')}"))


def _paragraph(console: Console, title: str, text: str) -> None:
    console.print(Text.assemble((f"\n{title}  ", "bold"), for_terminal(text)))


def _utc(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else None


def show_choice(console: Console, rows: list[dict]) -> None:
    """What a decision is about, before it is made."""
    for row in rows[:5]:
        console.print(Text(f"  {row['fingerprint'][:SHORT]}  {row['cause']}: {to_mend(row)}"))
    more = f", {len(rows) - 5:,} more than are shown" if len(rows) > 5 else ""
    console.print(f"{len(rows):,} mismatch{'' if len(rows) == 1 else 'es'}{more}.", highlight=False)


def show_done(console: Console, done: int, asked: int, who: str, decision: dict) -> None:
    """What a decision has changed."""
    word = {"new": "reopened"}.get(decision["state"], decision["state"])
    end = f" until {_utc(decision['snoozed_until'])}" if decision.get("snoozed_until") else ""
    console.print(Text(f"{done:,} {word}{end} by {for_terminal(who)}.", "green" if done else "yellow"))
    if done < asked:
        left = "new already or resolved" if decision["state"] == "new" else "resolved"
        console.print(f"{asked - done:,} not, because the data says otherwise or nothing is to change: {left}.")


def show_export(console: Console, written: list, refused: dict[str, list[dict]], folder, target) -> None:
    """The files with their rows and how to import them, then what is not in them and why."""
    for file, rows in written:
        console.print(Text(f"{rows:>7,}  {for_terminal(file)}"), soft_wrap=True)
    if written:
        console.print(
            Text(f"\n{target.tool}: {target.how}\nThe third column is what stood there: skip what has changed.")
        )
    else:
        console.print(f"Nothing among these is a field to set by {target.tool}.", highlight=False)
    if refused:
        console.print(Text("\nNot in a file for import:", "bold"))
    reasons = Table.grid(padding=(0, 2))
    reasons.add_column(justify="right")
    for reason, rows in refused.items():
        examples = ", ".join(row["fingerprint"][:SHORT] for row in rows[:3])
        reasons.add_row(f"{len(rows):,}", Text(f"{for_terminal(reason)} ({examples}{', …' if len(rows) > 3 else ''})"))
    console.print(reasons)
    console.print(Text(f"\nAll of it, with each reason  {for_terminal(folder)}"), soft_wrap=True)
