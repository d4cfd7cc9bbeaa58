"""The queue of open mismatches, to work from: by team and work item, the worst and oldest first, both sides' evidence.

It reads the published file alone: `stage_mismatches`, and their states where the file holds the queue. What one page
cannot hold is counted, never silently left out. Ids and links, no names.
"""

from datetime import datetime

from orchestration.publishing.page import queue
from orchestration.publishing.page.funnel import Published

LETTERS = 1_850_000  # that the page may have, so that it stays below 2 MB: about 1,400 people
LETTERS_OF_A_ROW, LETTERS_OF_AN_ITEM = 1150, 700  # beside what the systems and the evidence say
OF_EVERY_ITEM, OF_EVERY_TEAM = 10, 50  # before all others
SEVERITIES = ("high", "medium", "low")
AGES = {1: "1 day", 7: "1 week", 30: "1 month", 91: "3 months"}  # days


def read(published: Published) -> dict:
    """What the template needs: teams with their items and rows, the choices of each filter, what is left out."""
    counted_to = moment(published)
    rows = [row | {"days": (counted_to - row["parted_at"]).days, "sides": sides(row)} for row in worst(published)]
    total = published.value("select count(*) from stage_mismatches")
    return {
        "zone": published.zone,
        "counted_to": counted_to,
        "teams": teams(rows),
        "total": total,
        "shown": len(rows),
        "left_out": total - len(rows),
        "queue": queue.read(published),
        "ages": AGES,
        "choices": choices(rows),
        "meanings": {row["term"]: row["meaning"] for row in published.definitions if row["kind"] == "cause"},
        "severities": [row for row in published.definitions if row["kind"] == "severity"],
    }


def moment(published: Published) -> datetime | None:
    """To when ages are counted: the moment of the data, which a held report tells too early; null without any row."""
    return published.value(
        "select greatest((select max(data_as_of) from report_status), (select max(parted_at) from stage_mismatches))"
    )


def worst(published: Published) -> list[dict]:
    """The people that come first, some of every team and of every work item, in the order of the page."""
    return published.rows(
        f"""
        with states as ({queue.STATES if queue.is_in(published) else queue.NO_STATES}),
        ordered as (
            select
                stage_mismatches.*, states.* exclude (mismatch_id),
                coalesce(states.fingerprint, stage_mismatches.mismatch_id) as id,
                coalesce(owner_team, 'no team') as team, coalesce(work_item_id, stage_mismatches.mismatch_id) as item,
                coalesce(array_position($severities::varchar[], severity), 9) as urgency,
                count(*) over (partition by owner_team) as team_people,
                count(*) filter (severity = 'high') over (partition by owner_team) as team_high
            from stage_mismatches
            left join states using (mismatch_id)
        ),
        placed as (
            select *, row_number() over (partition by team order by urgency, parted_at, id) as place_in_team,
                row_number() over (partition by item order by urgency, parted_at, id) as place_in_item,
                length(concat_ws('', evidence, suggested_fix, crm_value, map_value, note)) + $row
                    + if(place_in_item = 1, $item, 0) as letters
            from ordered
        ),
        first_of_all as (
            select * from placed
            window by_need as (
                order by place_in_team > $of_team, place_in_item > $of_item, urgency, parted_at, id
                rows unbounded preceding
            )
            qualify sum(letters) over by_need <= $letters
        ),
        links as (
            select system, record_id, max(record_url) as record_url from person_records
            where record_id in (
                select unnest([crm_record_id, map_record_id]) from first_of_all
            )
            group by all
        )
        select
            first_of_all.*, crm.record_url as crm_url, map.record_url as map_url,
            items.system as wrong_system, items.field as wrong_field, items.value as wrong_value,
            items.expected_stage as item_stage, coalesce(items.people_count, 1) as people_count,
            coalesce(items.high_count, 0) as high_count
        from first_of_all
        left join work_items as items on items.work_item_id = item
        left join links as crm on crm.system = crm_system and crm.record_id = crm_record_id
        left join links as map on map.system = map_system and map.record_id = map_record_id
        order by
            team_high desc, team_people desc, team,
            items.high_count desc nulls last, items.people_count desc, items.earliest_parted_at, item,
            urgency, parted_at, id
        """,
        severities=list(SEVERITIES),
        letters=LETTERS,
        row=LETTERS_OF_A_ROW,
        item=LETTERS_OF_AN_ITEM,
        of_item=OF_EVERY_ITEM,
        of_team=OF_EVERY_TEAM,
    )


def teams(rows: list[dict]) -> list[dict]:
    """The rows by team and work item, in their order."""
    grouped: dict[str, dict[str, list[dict]]] = {}
    for row in rows:
        grouped.setdefault(row["team"], {}).setdefault(row["item"], []).append(row)
    return [
        {"team": team, "items": [{"id": item, "about": shown[0], "rows": shown} for item, shown in items.items()]}
        for team, items in grouped.items()
    ]


def sides(row: dict) -> list[dict]:
    """What the CRM and the MAP say of one person, each with its record and its writer."""
    parts = ("system", "record_id", "url", "field", "value", "stage", "since", "writer")
    told = [{part: row[f"{side}_{part}"] for part in parts} for side in ("crm", "map")]
    return [side | {"system": side["system"] or row["wrong_system"]} for side in told]


def choices(rows: list[dict]) -> dict[str, list[str]]:
    """What each filter offers: what there is, in the order in which it is met; severities by weight."""
    met = {
        column: list(dict.fromkeys(row[column] for row in rows)) for column in ("team", "cause", "severity", "state")
    }
    return {
        "owner": met["team"],
        "cause": sorted(met["cause"]),
        "severity": [severity for severity in SEVERITIES if severity in met["severity"]],
        "state": [state for state in queue.OPEN if state in met["state"]],
    }
