with claims as (

    select * from {{ ref('int_stages_claimed') }}
    where unit = 'person' and says_a_stage and is_live

),

first_said as (

    select person_id, side, source, min(position) as position, min(claimed_at) as speaks_from
    from claims
    where source_kind <> 'opportunity'
    group by person_id, side, source

),

opportunity_claims as (

    select
        person_id,
        side,
        source,
        position,
        claimed_at,
        stage_kind,
        lead(claimed_at) over (
            partition by person_id, side, source, system, opportunity_id
            order by claimed_at, valued_at, coalesce(rank, 10000), claim_id
        ) as next_claimed_at
    from claims
    where source_kind = 'opportunity'

)

select person_id, side, source, position, speaks_from, {{ end_of_time() }} as speaks_until
from first_said

union all

select
    person_id,
    side,
    source,
    position,
    claimed_at as speaks_from,
    coalesce(next_claimed_at, {{ end_of_time() }}) as speaks_until
from opportunity_claims
where stage_kind = 'stage'
