{{ config(materialized='view') }}

with conditions as (

    select
        rule_sources.version,
        rule_sources.source,
        rule_sources.system,
        conditions.number,
        conditions.threshold
    from {{ ref('stg_agreement__stage_sources') }} as rule_sources
    inner join {{ ref('stg_agreement__rule_conditions') }} as conditions using (version, source)
    where rule_sources.kind = 'rule' and conditions.kind = 'score_crosses'

),

records as (

    select * from {{ ref('int_people_matched') }}

),

score_changes as (

    select
        *,
        {{ as_number('new_value') }} as score,
        coalesce(
            {{ as_number('old_value') }},
            lag({{ as_number('new_value') }}) over (
                partition by system, object, record_id order by changed_at, change_id
            ),
            0
        ) as score_before,
        row_number() over (partition by system, object, record_id order by changed_at, change_id) as change_number
    from ({{ every_system('field_changes') }}) as field_changes
    where field = 'score' and system in (select system from conditions)

),

scores_now as (

    select
        records.system,
        records.record_id,
        coalesce({{ as_number('field_values.value') }}, records.score) as score,
        coalesce(field_values.set_at, records.created_at) as valued_at,
        case when field_values.set_at is null then records.created_on else field_values.set_on end as valued_on,
        case when field_values.set_at is null then 'inferred' else 'stamped' end as basis,
        records.loaded_at as known_at
    from records
    left join ({{ every_system('field_values') }}) as field_values
        on
            records.system = field_values.system
            and records.record_id = field_values.record_id
            and records.object = field_values.object
            and field_values.field = 'score'
    left join (select distinct system, record_id from score_changes) as with_history
        on records.system = with_history.system and records.record_id = with_history.record_id
    where with_history.record_id is null

)

select
    conditions.version,
    conditions.source,
    conditions.number,
    score_changes.system,
    score_changes.record_id,
    score_changes.changed_at as valued_at,
    score_changes.changed_on as valued_on,
    'observed' as basis,
    score_changes.writer,
    score_changes.loaded_at as known_at
from score_changes
inner join conditions on score_changes.system = conditions.system
where
    score_changes.score >= conditions.threshold and score_changes.score_before < conditions.threshold

union all

select
    conditions.version,
    conditions.source,
    conditions.number,
    score_changes.system,
    score_changes.record_id,
    records.created_at as valued_at,
    records.created_on as valued_on,
    'inferred' as basis,
    cast(null as {{ dbt.type_string() }}) as writer,
    score_changes.loaded_at as known_at
from score_changes
inner join records using (system, record_id)
inner join conditions on score_changes.system = conditions.system
where score_changes.change_number = 1 and score_changes.score_before >= conditions.threshold

union all

select
    conditions.version,
    conditions.source,
    conditions.number,
    scores_now.system,
    scores_now.record_id,
    scores_now.valued_at,
    scores_now.valued_on,
    scores_now.basis,
    cast(null as {{ dbt.type_string() }}) as writer,
    scores_now.known_at
from scores_now
inner join conditions on scores_now.system = conditions.system
where scores_now.score >= conditions.threshold
