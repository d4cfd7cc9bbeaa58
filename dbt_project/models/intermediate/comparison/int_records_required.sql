with clock as (

    select * from {{ ref('int_clock') }}

),

requirements as (

    select
        record_requirements.side,
        min(record_requirements.rank) as rank,
        min_by(record_requirements.stage, record_requirements.rank) as stage
    from {{ ref('stg_agreement__record_requirements') }} as record_requirements
    inner join clock on record_requirements.version = clock.agreement_version
    group by record_requirements.side

),

entries as (

    select
        entries.person_id,
        entries.rank,
        entries.stage_kind,
        entries.claimed_at,
        row_number() over (
            partition by entries.person_id
            order by entries.claimed_at, entries.valued_at, coalesce(entries.rank, 10000), entries.claim_id
        ) as entry_order
    from {{ ref('int_stage_entries') }} as entries
    cross join clock
    where entries.unit = 'person' and entries.is_authoritative and entries.claimed_at <= clock.data_as_of

),

below_again as (

    select entries.person_id, requirements.side, max(entries.entry_order) as entry_order
    from entries
    inner join requirements on entries.rank < requirements.rank
    group by entries.person_id, requirements.side

)

select
    entries.person_id,
    requirements.side,
    min_by(requirements.stage, requirements.rank) as required_from_stage,
    min(entries.claimed_at) as required_since
from entries
inner join requirements on entries.rank >= requirements.rank
left join below_again on entries.person_id = below_again.person_id and requirements.side = below_again.side
where entries.entry_order > coalesce(below_again.entry_order, 0)
group by entries.person_id, requirements.side
