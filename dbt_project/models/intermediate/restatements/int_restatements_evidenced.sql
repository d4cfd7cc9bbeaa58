{% set unit_key = 'published_build, unit, unit_id' %}

with restated as (

    select * from {{ ref('int_shares_restated') }}

),

records as (

    select * from {{ ref('int_records_changed') }}

),

entries as (

    select * from {{ ref('int_entries_counted') }}

),

claims as (

    select
        unit,
        unit_id,
        version,
        source,
        value,
        system,
        coalesce(opportunity_id, record_id) as record_id,
        claimed_at,
        basis,
        known_at
    from {{ ref('int_stages_claimed') }}

),

people_today as (

    select previous_person_id, person_id from {{ ref('int_person_ids_replaced') }}

),

corrections as (

    select memory.version, memory.source, memory.value, builds.build
    from {{ ref('int_corrections_remembered') }} as memory
    inner join {{ ref('int_builds_numbered') }} as builds using (build_id)

),

moved_on as (

    select distinct
        restated.published_build,
        restated.unit,
        restated.unit_id,
        restated.stage,
        restated.month,
        entries.system,
        entries.record_id,
        entries.reached_at
    from restated
    inner join entries using ({{ unit_key }}, stage)
    left join entries as starts
        on
            restated.published_build = starts.published_build
            and restated.unit = starts.unit
            and restated.unit_id = starts.unit_id
            and restated.from_stage = starts.stage
            and restated.month = starts.reached_month
            and entries.cycle = starts.cycle
    where
        restated.basis = 'cohort'
        and restated.change > 0
        and entries.happened_since
        and case when restated.from_stage is null then entries.cohort_month = restated.month else starts.stage is not null end

),

new_to_its_month as (

    select distinct
        restated.published_build,
        restated.unit,
        restated.unit_id,
        restated.stage,
        restated.change > 0 as is_gained,
        entries.reached_at,
        entries.system,
        entries.record_id,
        entries.is_observed,
        entries.happened_since,
        entries.became_known_since,
        entries.was_edited_since
    from restated
    inner join entries using ({{ unit_key }}, stage)
    where restated.basis = 'period' and (restated.change < 0 or restated.month = entries.reached_month)

),

became_known as (

    select
        *,
        case when is_observed or not was_edited_since then 'late_sync' else 'back_dated' end as cause
    from new_to_its_month
    where became_known_since and not happened_since

),

claimed as (

    select
        restated.published_build,
        restated.unit,
        restated.unit_id,
        claims.system,
        claims.record_id,
        claims.claimed_at,
        claims.claimed_at > restated.published_as_of as happened_since,
        claims.basis = 'observed' and claims.known_at > restated.published_known_at as became_known_since
    from (select distinct {{ unit_key }}, published_known_at, published_as_of from restated) as restated
    inner join claims using (unit, unit_id)

),

touched as (

    select distinct
        restated.published_build,
        restated.unit,
        restated.unit_id,
        activities.system,
        activities.record_id,
        activities.occurred_at
    from restated
    inner join {{ ref('int_people_matched') }} as people
        on restated.table_name = 'handoffs' and restated.unit_id = people.person_id
    inner join ({{ every_system('activities') }}) as activities
        on people.system = activities.system and people.record_id = activities.record_id
    where
        activities.loaded_at > restated.published_known_at
        and activities.occurred_at <= restated.published_as_of

),

corrected as (

    select
        restated.{{ unit_key | replace(', ', ', restated.') }},
        min_by(claims.system, claims.record_id) as system,
        min(claims.record_id) as record_id
    from (select distinct {{ unit_key }} from restated) as restated
    inner join claims using (unit, unit_id)
    inner join corrections
        on
            claims.version = corrections.version
            and claims.source = corrections.source
            and claims.value = corrections.value
            and restated.published_build < corrections.build
    group by restated.{{ unit_key | replace(', ', ', restated.') }}

),

loaded_since as (

    select {{ unit_key }} from records
    where was_loaded_since
    union
    select restated.published_build, restated.unit, restated.unit_id
    from restated
    inner join claims
        on
            restated.unit = claims.unit
            and restated.unit_id = claims.unit_id
            and restated.published_known_at < claims.known_at

),

defined_anew as (

    select distinct {{ unit_key }} from restated
    where agreement_has_changed

),

joined_or_parted as (

    select records.{{ unit_key | replace(', ', ', records.') }}, records.system, records.record_id
    from records
    left join people_today on records.person_id_published = people_today.previous_person_id
    where
        records.kind = 'record'
        and records.unit = 'person'
        and (
            (records.state_published = 'merged') <> (records.state = 'merged')
            or records.person_id <> records.unit_id
            or coalesce(people_today.person_id, records.person_id_published) <> records.unit_id
        )

    union all

    select {{ unit_key }}, min_by(system, record_id) as system, min(record_id) as record_id
    from records
    where kind = 'record' and unit = 'person' and person_id = unit_id
    group by {{ unit_key }}
    having count(distinct person_id_published) > 1

),

gone_or_back as (

    select {{ unit_key }}, system, record_id
    from records
    where
        state_published is not null
        and state_published <> 'merged'
        and coalesce(state, 'gone') <> 'merged'
        and (state_published in ('deleted', 'excluded') or coalesce(state, 'gone') in ('deleted', 'excluded', 'gone'))
        and state_published <> coalesce(state, 'gone')

),

evidence as (

    {{ evidenced(1, 'moved_on', 'moved_on', stage='stage', month='month', on='gained', happened_at='reached_at') }}
    union all
    {{ evidenced(2, 'correction', 'corrected') }}
    union all
    {{ evidenced(3, 'definition', 'defined_anew', record=false, where='not exists (
        select 1 from loaded_since
        where
            loaded_since.published_build = defined_anew.published_build
            and loaded_since.unit = defined_anew.unit
            and loaded_since.unit_id = defined_anew.unit_id
    )') }}
    union all
    {{ evidenced(4, 'late_sync', 'became_known', where='is_observed', stage='stage', happened_at='reached_at') }}
    union all
    {{ evidenced(5, 'merge', 'joined_or_parted') }}
    union all
    {{ evidenced(6, 'delete', 'gone_or_back') }}
    union all
    {{ evidenced(7, 'late_sync', 'became_known', where='is_observed', happened_at='reached_at') }}
    union all
    {{ evidenced(8, 'conversion', 'records', where="state = 'converted' and state_published = 'live'") }}
    union all
    {{ evidenced(9, none, 'became_known', stage='stage', happened_at='reached_at') }}
    union all
    {{ evidenced(10, none, 'became_known', happened_at='reached_at') }}
    union all
    {{ evidenced(
        11,
        'moved_on',
        'new_to_its_month',
        where='is_observed and happened_since',
        stage='stage',
        on='lost',
        happened_at='reached_at'
    ) }}
    union all
    {{ evidenced(12, 'late_sync', 'claimed', where='became_known_since and not happened_since', happened_at='claimed_at') }}
    union all
    {{ evidenced(12, 'late_sync', 'touched', happened_at='occurred_at') }}
    union all
    {{ evidenced(13, 'back_dated', 'records', where='was_loaded_since and was_edited_since') }}
    union all
    {{ evidenced(14, 'late_sync', 'records', where='was_loaded_since') }}
    union all
    {{ evidenced(15, 'moved_on', 'claimed', where='happened_since', happened_at='claimed_at') }}
    union all
    {{ evidenced(16, 'definition', 'defined_anew', record=false) }}

)

select
    {{ unit_key }},
    stage,
    month,
    applies_to,
    evidence_order,
    cause,
    min_by(system, coalesce(record_id, '')) as system,
    min(record_id) as record_id,
    min_by(happened_at, coalesce(record_id, '')) as happened_at
from evidence
group by {{ unit_key }}, stage, month, applies_to, evidence_order, cause
