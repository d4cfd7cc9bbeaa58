"""What there is to mend, by the team whose job it is: one row an origin, however many people it concerns.

The team with most of what is severe comes first. Ids and links, no names; what does not fit stands in `work_items`.
"""

from orchestration.publishing.page.funnel import Published

SHOWN_PER_TEAM = 5


def read(published: Published) -> list[dict]:
    """Teams with their totals and their first items."""
    items = published.rows(
        """
        with links as (
            select system, record_id, max(record_url) as record_url from person_records group by all
        )
        select
            work_items.work_item_id, work_items.cause, coalesce(work_items.owner_team, 'no team') as team,
            work_items.system, field, value, work_items.expected_stage, people_count, high_count,
            earliest_parted_at, latest_parted_at, example_fix,
            crm_system, crm_record_id, crm.record_url as crm_url, map_system, map_record_id, map.record_url as map_url,
            row_number() over most_severe_first as place, count(*) over everything as team_items,
            sum(people_count) over everything as team_people, sum(high_count) over everything as team_high
        from work_items
        left join stage_mismatches on mismatch_id = example_mismatch_id
        left join links as crm on crm.system = crm_system and crm.record_id = crm_record_id
        left join links as map on map.system = map_system and map.record_id = map_record_id
        window
            everything as (partition by team),
            most_severe_first as (
                partition by team
                order by high_count desc, people_count desc, earliest_parted_at, work_items.work_item_id
            )
        qualify place <= $shown
        order by team_high desc, team_people desc, team, place
        """,
        shown=SHOWN_PER_TEAM,
    )
    return [team(items, name) for name in dict.fromkeys(item["team"] for item in items)]


def team(items: list[dict], name: str) -> dict:
    """One team with the items that are shown, and what is left for the table."""
    shown = [item | {"examples": examples(item)} for item in items if item["team"] == name]
    first = shown[0]
    return {
        "team": name,
        "people": first["team_people"],
        "high": first["team_high"],
        "item_count": first["team_items"],
        "shown": shown,
        "further": first["team_items"] - len(shown),
        "further_people": first["team_people"] - sum(item["people_count"] for item in shown),
    }


def examples(item: dict) -> list[dict]:
    """The records of one of the item's people: system, id, and the address where the file knows one."""
    return [
        {"system": item[f"{side}_system"], "record_id": item[f"{side}_record_id"], "url": item[f"{side}_url"]}
        for side in ("crm", "map")
        if item[f"{side}_record_id"]
    ]
