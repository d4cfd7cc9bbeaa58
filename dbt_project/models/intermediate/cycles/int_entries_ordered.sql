{% set zone = "coalesce(systems.timezone, 'UTC')" %}
{% set day_key = 'world, unit, unit_id, entered_date' %}

with entries as (

    select
        *,
        coalesce(rank, 10000) as rank_of_day
    from {{ ref('int_entries_by_world') }}

),

days_with_a_bare_date as (

    select distinct {{ day_key }}
    from entries
    where claimed_on is not null

),

bare_ranks as (

    select distinct {{ day_key }}, rank_of_day
    from entries
    where claimed_on is not null

),

timed_on_those_days as (

    select {{ day_key }}, entries.rank_of_day, entries.claimed_at
    from entries
    inner join days_with_a_bare_date using ({{ day_key }})
    where entries.claimed_on is null

),

places_in_day as (

    select
        bare.world,
        bare.unit,
        bare.unit_id,
        bare.entered_date,
        bare.rank_of_day,
        max(timed.claimed_at) as place_in_day
    from bare_ranks as bare
    inner join timed_on_those_days as timed
        on
            bare.world = timed.world
            and bare.unit = timed.unit
            and bare.unit_id = timed.unit_id
            and bare.entered_date = timed.entered_date
            and bare.rank_of_day >= timed.rank_of_day
    group by bare.world, bare.unit, bare.unit_id, bare.entered_date, bare.rank_of_day

),

units_without_a_date as (

    select distinct world, unit, unit_id
    from entries
    where entered_date is null

),

units_with_both as (

    select distinct world, unit, unit_id
    from entries
    inner join units_without_a_date using (world, unit, unit_id)
    where entries.entered_date is not null

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
    entries.world,
    entries.unit,
    entries.unit_id,
    entries.claim_id,
    entries.side,
    entries.source,
    entries.source_kind,
    entries.version,
    entries.system,
    entries.record_id,
    entries.opportunity_id,
    entries.value,
    entries.stage,
    entries.rank,
    entries.stage_kind,
    entries.stage_unit,
    entries.is_last_stage,
    entries.reopens,
    entries.claimed_at,
    entries.claimed_on,
    entries.entered_date,
    entries.basis,
    entries.known_at,
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
    entries.entered_date is null and units_with_both.unit_id is not null as has_no_place,
    row_number() over (
        partition by entries.world, entries.unit, entries.unit_id
        order by
            case when entries.entered_date is null then 0 else 1 end,
            entries.entered_date,
            case
                when entries.claimed_on is null then entries.claimed_at
                else coalesce(places_in_day.place_in_day, cast('1900-01-01' as timestamp))
            end,
            case when days_with_a_bare_date.unit_id is null then entries.valued_at end,
            entries.rank_of_day,
            entries.position,
            entries.claim_id
    ) as entry_order
from entries
left join days_with_a_bare_date
    on
        entries.world = days_with_a_bare_date.world
        and entries.unit = days_with_a_bare_date.unit
        and entries.unit_id = days_with_a_bare_date.unit_id
        and entries.entered_date = days_with_a_bare_date.entered_date
left join places_in_day
    on
        entries.world = places_in_day.world
        and entries.unit = places_in_day.unit
        and entries.unit_id = places_in_day.unit_id
        and entries.entered_date = places_in_day.entered_date
        and entries.rank_of_day = places_in_day.rank_of_day
left join units_with_both
    on
        entries.world = units_with_both.world
        and entries.unit = units_with_both.unit
        and entries.unit_id = units_with_both.unit_id
left join systems on entries.system = systems.system
left join people on entries.person_id = people.person_id
left join opportunities on entries.system = opportunities.system and entries.opportunity_id = opportunities.opportunity_id
left join marketing_ranks on entries.version = marketing_ranks.version and entries.stage_owner = marketing_ranks.owner
