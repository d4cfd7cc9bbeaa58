{% set zone = "coalesce(systems.timezone, 'UTC')" %}

with entries as (

    select
        *,
        max(case when claimed_on is not null then 1 else 0 end) over (
            partition by world, unit, unit_id, entered_date
        ) = 1 as day_has_a_bare_date,
        max(case when entered_date is not null then 1 else 0 end) over (partition by world, unit, unit_id) = 1 as unit_has_a_date
    from {{ ref('int_entries_by_world') }}

),

placed as (

    select
        *,
        case
            when claimed_on is null then claimed_at
            else coalesce(
                max(case when claimed_on is null then claimed_at end) over (
                    partition by world, unit, unit_id, entered_date
                    order by coalesce(rank, 10000)
                    rows between unbounded preceding and current row
                ),
                cast('1900-01-01' as timestamp)
            )
        end as place_in_day
    from entries

),

systems as (

    select system, timezone from {{ ref('stg_sources__systems') }}

),

people as (

    select person_id, created_at, created_on from {{ ref('int_people_described') }}

),

opportunities as (

    select system, opportunity_id, created_at, created_on from {{ ref('int_opportunities_unioned') }}

),

marketing_ranks as (

    select version, owner, max(rank) as highest_rank
    from {{ ref('stg_agreement__stages') }}
    where kind = 'stage'
    group by version, owner

)

select
    entries.*,
    case
        when entries.speaks_until_rank is not null then entries.speaks_until_rank
        when entries.source_kind = 'rule' then marketing_ranks.highest_rank
    end as limit_rank,
    coalesce({{ is_before('entries.claimed_at', 'entries.claimed_on', 'people.created_at', 'people.created_on', zone) }}, false)
    or coalesce(
        {{ is_before('entries.claimed_at', 'entries.claimed_on', 'opportunities.created_at', 'opportunities.created_on', zone) }},
        false
    )
    or coalesce({{ is_before('entries.known_at', 'cast(null as date)', 'entries.claimed_at', 'entries.claimed_on') }}, false)
        as is_impossible,
    entries.entered_date is null and entries.unit_has_a_date as has_no_place,
    row_number() over (
        partition by entries.world, entries.unit, entries.unit_id
        order by
            case when entries.entered_date is null then 0 else 1 end,
            entries.entered_date,
            entries.place_in_day,
            case when not entries.day_has_a_bare_date then entries.valued_at end,
            coalesce(entries.rank, 10000),
            entries.position,
            entries.claim_id
    ) as entry_order
from placed as entries
left join systems on entries.system = systems.system
left join people on entries.person_id = people.person_id
left join opportunities on entries.system = opportunities.system and entries.opportunity_id = opportunities.opportunity_id
left join marketing_ranks on entries.version = marketing_ranks.version and entries.stage_owner = marketing_ranks.owner
