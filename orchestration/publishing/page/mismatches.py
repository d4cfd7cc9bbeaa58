"""Where the systems disagree: by cause and owner team, and the worst few with evidence. Ids and links, no names."""

from orchestration.publishing.page.funnel import Published

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
    meanings = {row["term"]: row["meaning"] for row in published.definitions if row["kind"] == "cause"}
    return {
        "total": sum(totals.values()),
        "without_evidence": published.value("select count(*) from stage_mismatches where not has_sufficient_evidence"),
        "counts": counts,
        "teams": list(sums(counts, "owner_team")),
        "causes": [
            {
                "cause": cause,
                "meaning": meanings.get(cause, ""),
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
    """The few to look at first, one of each origin, with a link to each record where the file knows one."""
    return published.rows(
        f"""
        with links as (
            select system, record_id, max(record_url) as record_url from person_records group by all
        ),
        first_of_each as (
            select *, array_position(['high', 'medium', 'low'], severity) as urgency
            from stage_mismatches
            qualify row_number() over (
                partition by coalesce(work_item_id, mismatch_id) order by urgency nulls last, parted_at, mismatch_id
            ) = 1
        )
        select
            mismatch_id, cause, severity, owner_team, parted_at, evidence,
            crm_system, crm_record_id, crm_stage, crm_value, crm.record_url as crm_url,
            map_system, map_record_id, map_stage, map_value, map.record_url as map_url
        from first_of_each
        left join links as crm on crm.system = crm_system and crm.record_id = crm_record_id
        left join links as map on map.system = map_system and map.record_id = map_record_id
        order by urgency nulls last, parted_at, mismatch_id
        limit {SHOWN}
        """
    )
