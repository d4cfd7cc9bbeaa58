with fields_read as (

    select system, object, field
    from {{ ref('stg_agreement__stage_sources') }}
    where kind = 'field'

    union

    select system, object, reason_field as field
    from {{ ref('stg_agreement__stage_sources') }}
    where reason_field is not null

    union

    select systems.system, owned.object, 'owner' as field
    from {{ ref('stg_sources__systems') }} as systems
    cross join (select distinct object from {{ ref('int_people_matched') }}) as owned
    where systems.role in ('crm', 'both')

),

records as (

    select system, record_id, created_at, created_on, updated_at, updated_on
    from {{ ref('int_people_matched') }}

),

current_values as (

    select field_values.*
    from ({{ every_system('field_values') }}) as field_values
    inner join fields_read using (system, object, field)

),

changes as (

    select field_changes.*
    from ({{ every_system('field_changes') }}) as field_changes
    inner join fields_read using (system, object, field)

),

changes_with_current_last as (

    select
        changes.*,
        case when changes.new_value = current_values.value then 1 else 0 end as is_current
    from changes
    left join current_values using (system, object, record_id, field)

),

changes_ordered as (

    select
        *,
        row_number() over (
            partition by system, object, record_id, field order by changed_at, is_current, change_id
        ) = 1 as is_first,
        lead(change_id) over (
            partition by system, object, record_id, field order by changed_at, is_current, change_id
        ) is null as is_last
    from changes_with_current_last

),

changed_to as (

    select
        system,
        object,
        record_id,
        field,
        new_value as value,
        changed_at as valued_at,
        changed_on as valued_on,
        'observed' as basis,
        writer,
        loaded_at as known_at
    from changes_ordered

),

held_before_the_first_change as (

    select
        changes.system,
        changes.object,
        changes.record_id,
        changes.field,
        changes.old_value as value,
        records.created_at as valued_at,
        records.created_on as valued_on,
        'inferred' as basis,
        cast(null as {{ dbt.type_string() }}) as writer,
        changes.loaded_at as known_at
    from changes_ordered as changes
    inner join records using (system, record_id)
    where
        changes.is_first
        and changes.old_value is not null
        and not coalesce(
            {{ is_before('changes.changed_at', 'changes.changed_on', 'records.created_at', 'records.created_on') }}, false
        )

),

never_seen_changing as (

    select
        current_values.system,
        current_values.object,
        current_values.record_id,
        current_values.field,
        current_values.value,
        coalesce(current_values.set_at, records.created_at) as valued_at,
        case when current_values.set_at is null then records.created_on else current_values.set_on end as valued_on,
        case when current_values.set_at is null then 'inferred' else 'stamped' end as basis,
        current_values.writer,
        current_values.loaded_at as known_at
    from current_values
    inner join records using (system, record_id)
    left join changes_ordered as changes
        on
            current_values.system = changes.system
            and current_values.object = changes.object
            and current_values.record_id = changes.record_id
            and current_values.field = changes.field
            and changes.is_last
    where changes.change_id is null

),

moved_on_since_the_last_change as (

    select
        current_values.system,
        current_values.object,
        current_values.record_id,
        current_values.field,
        current_values.value,
        case
            when current_values.set_at > changes.changed_at then current_values.set_at
            when records.updated_at > changes.changed_at then records.updated_at
            else current_values.loaded_at
        end as valued_at,
        case
            when current_values.set_at > changes.changed_at then current_values.set_on
            when records.updated_at > changes.changed_at then records.updated_on
        end as valued_on,
        case when current_values.set_at > changes.changed_at then 'stamped' else 'inferred' end as basis,
        current_values.writer,
        current_values.loaded_at as known_at
    from current_values
    inner join records using (system, record_id)
    inner join changes_ordered as changes using (system, object, record_id, field)
    where changes.is_last and changes.new_value is distinct from current_values.value

)

select * from changed_to
union all
select * from held_before_the_first_change
union all
select * from never_seen_changing
union all
select * from moved_on_since_the_last_change
