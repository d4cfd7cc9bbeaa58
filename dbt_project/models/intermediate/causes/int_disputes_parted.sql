with partings as (

    select
        partings.*,
        case
            when partings.met_at is null then clock.data_as_of
            else least(partings.synced_by, {{ dbt.dateadd('microsecond', -1, 'partings.met_at') }})
        end as faced_at
    from {{ ref('int_partings_dated') }} as partings
    cross join {{ ref('int_clock') }} as clock
    where partings.verdict = 'mismatch'

),

moves as (

    select unit_id as person_id, stage, claimed_at, entry_order
    from {{ ref('int_transitions_classified') }}
    where world = 'agreed' and unit = 'person' and moves_the_unit and transition is not null and stage <> 'idle'

),

stages_of_record as (

    select partings.person_id, partings.parted_at, max_by(moves.stage, moves.entry_order) as stage
    from partings
    inner join moves on partings.person_id = moves.person_id and moves.claimed_at <= partings.faced_at
    group by partings.person_id, partings.parted_at

),

authority as (

    select stage_authority.stage, min_by(stage_sources.side, stage_authority.position) as side
    from {{ ref('stg_agreement__stage_authority') }} as stage_authority
    inner join {{ ref('stg_agreement__stage_sources') }} as stage_sources using (version, source)
    inner join {{ ref('int_clock') }} as clock on stage_authority.version = clock.agreement_version
    group by stage_authority.stage

)

select
    partings.person_id,
    partings.parted_at,
    partings.met_at,
    partings.faced_at,
    partings.sync_seconds,
    partings.parting,
    partings.absent_side,
    stages_of_record.stage as stage_of_record,
    {{ other_side('authority.side') }} as lagging_side
from partings
left join stages_of_record using (person_id, parted_at)
left join authority on stages_of_record.stage = authority.stage
