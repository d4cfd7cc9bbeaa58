"""Where the systems disagree: by cause and owner team, and the worst few. Ids and links, no names."""

from orchestration.publishing.page.funnel import Published

CAUSES = {
    "deleted_record": "Deleted in one system, alive in the other.",
    "merged_record": "Merged in one system; the other still points at the record that is gone.",
    "conversion_gap": "The lead became a contact; the other system still holds the lead.",
    "duplicate_record": "Several live records of one person, at different stages.",
    "missing_record": "Handed over, but one system has no record of the person.",
    "unmapped_value": "A value that the agreement gives no meaning.",
    "no_contact_role": "The company has the opportunity; the person has no role in it.",
    "account_push": "The company's stage was copied onto the person.",
    "forward_only": "A step back is due, and the last writer can only go forward.",
    "not_synced": "One system still holds what the other held before.",
    "conflict": "Both systems say something else, and neither is merely late.",
}
SHOWN = 5


def read(published: Published) -> dict:
    """Counts by cause and team, and the worst: most severe first, then the longest apart."""
    counts = published.rows(
        """
        select cause, coalesce(owner_team, 'no team') as owner_team, severity, count(*) as people
        from stage_mismatches group by all order by all
        """
    )
    totals = sums(counts, "cause")
    return {
        "total": sum(totals.values()),
        "counts": counts,
        "teams": list(sums(counts, "owner_team")),
        "causes": [
            {
                "cause": cause,
                "meaning": CAUSES.get(cause, ""),
                "people": total,
                "by_team": sums([row for row in counts if row["cause"] == cause], "owner_team"),
            }
            for cause, total in totals.items()
        ],
        "worst": worst(published),
    }


def sums(counts: list[dict], column: str) -> dict[str, int]:
    """People by one column, the largest first."""
    totals: dict[str, int] = {}
    for row in counts:
        totals[row[column]] = totals.get(row[column], 0) + row["people"]
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0] or "")))


def worst(published: Published) -> list[dict]:
    """The few to look at first, with a link to each record where the file knows one."""
    return published.rows(
        f"""
        with links as (
            select system, record_id, max(record_url) as record_url from person_records group by all
        )
        select
            mismatch_id, cause, severity, owner_team, parted_at, suggested_fix,
            crm_system, crm_record_id, crm_stage, crm_value, crm.record_url as crm_url,
            map_system, map_record_id, map_stage, map_value, map.record_url as map_url
        from stage_mismatches
        left join links as crm on crm.system = crm_system and crm.record_id = crm_record_id
        left join links as map on map.system = map_system and map.record_id = map_record_id
        order by array_position(['high', 'medium', 'low'], severity) nulls last, parted_at, mismatch_id
        limit {SHOWN}
        """
    )
