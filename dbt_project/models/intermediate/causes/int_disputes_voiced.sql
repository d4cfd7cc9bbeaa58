with disputes as (

    select * from {{ ref('int_disputes_parted') }}

),

moments as (

    select person_id, parted_at, 'before' as moment, {{ dbt.dateadd('microsecond', -1, 'parted_at') }} as instant from disputes
    union all
    select person_id, parted_at, 'parting' as moment, parted_at as instant from disputes
    union all
    select person_id, parted_at, 'now' as moment, faced_at as instant from disputes

),

instants as (

    select distinct person_id, instant from moments

),

voices as (

    select * from {{ sides_at('instants') }} as sides

),

in_three_moments as (

    select
        moments.parted_at,
        moments.moment,
        voices.*,
        {{ hashed(['meaning', 'stage', 'lowest_rank', 'highest_rank', "case when meaning = 'unmapped' then value end"]) }}
            as standing
    from moments
    inner join voices using (person_id, instant)

),

before_parting as (

    select person_id, parted_at, side, standing from in_three_moments
    where moment = 'before'

),

at_parting as (

    select person_id, parted_at, side, standing, basis from in_three_moments
    where moment = 'parting'

)

select
    voices.person_id,
    voices.parted_at,
    voices.moment,
    voices.side,
    voices.claim_id,
    voices.source,
    voices.source_kind,
    voices.system,
    voices.object,
    voices.record_id,
    voices.opportunity_id,
    voices.field,
    voices.value,
    voices.meaning,
    voices.stage,
    voices.lowest_rank,
    voices.highest_rank,
    voices.writer,
    voices.basis,
    voices.valid_from,
    coalesce(at_parting.standing, '') <> coalesce(before_parting.standing, '') as moved_at_parting,
    coalesce(at_parting.standing, '') <> voices.standing as moved_since_parting,
    at_parting.basis as basis_at_parting
from in_three_moments as voices
left join at_parting using (person_id, parted_at, side)
left join before_parting using (person_id, parted_at, side)
