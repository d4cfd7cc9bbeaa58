with restated as (

    select distinct unit, unit_id, published_build, published_known_at, published_as_of
    from {{ ref('int_shares_restated') }}

),

reached as (

    select unit, unit_id, cycle, stage, reached_at, reached_month, cohort_month
    from {{ ref('int_stages_reached') }}
    where world = 'agreed'

    union all

    select
        unit,
        unit_id,
        max(cycle) as cycle,
        'closed' as stage,
        max_by(claimed_at, entry_order) as reached_at,
        max_by({{ month_of('entered_date') }}, entry_order) as reached_month,
        cast(null as date) as cohort_month
    from {{ ref('int_transitions_classified') }}
    where
        world = 'agreed'
        and unit = 'opportunity'
        and moves_the_unit
        and stage <> 'idle'
        and stage is distinct from previous_stage
    group by unit, unit_id

),

entries as (

    select unit, unit_id, claimed_at, basis, known_at, system, record_id, opportunity_id
    from {{ ref('int_entries_ordered') }}
    where world = 'agreed'

),

records as (

    select * from {{ ref('int_records_changed') }}

)

select
    restated.unit,
    restated.unit_id,
    restated.published_build,
    reached.cycle,
    reached.stage,
    reached.reached_month,
    reached.cohort_month,
    reached.reached_at,
    entries.system,
    coalesce(entries.opportunity_id, entries.record_id) as record_id,
    entries.basis = 'observed' as is_observed,
    reached.reached_at > restated.published_as_of as happened_since,
    entries.known_at > restated.published_known_at as became_known_since,
    coalesce(records.was_edited_since, false) as was_edited_since
from restated
inner join reached using (unit, unit_id)
inner join entries
    on
        reached.unit = entries.unit
        and reached.unit_id = entries.unit_id
        and reached.reached_at = entries.claimed_at
left join records
    on
        restated.unit = records.unit
        and restated.unit_id = records.unit_id
        and restated.published_build = records.published_build
        and entries.system = records.system
        and case when entries.opportunity_id is null then 'record' else 'opportunity' end = records.kind
        and coalesce(entries.opportunity_id, entries.record_id) = records.record_id
