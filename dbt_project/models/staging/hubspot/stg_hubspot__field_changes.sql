with fields as (

    select system, object, field, source_field
    from {{ source('raw_sources', 'fields') }}
    where object in ('contact', 'account')

),

contacts as (

    select system, id, createdate, extra, loaded_at
    from {{ latest_version(source('raw_hubspot', 'contact'), key=['system', 'id']) }} as latest

),

companies as (

    select system, id, createdate, extra, loaded_at
    from {{ latest_version(source('raw_hubspot', 'company'), key=['system', 'id']) }} as latest

),

records as (

    select system, 'contact' as object, id, createdate as created_at, loaded_at from contacts
    union all
    select system, 'account' as object, id, createdate as created_at, loaded_at from companies

),

history as (

    select
        system, 'contact' as object, contact_id as id, name, timestamp, value, source, source_id, updated_by_user_id, loaded_at
    from {{ source('raw_hubspot', 'contact_property_history') }}
    where {{ was_known() }}

    union all

    select
        system, 'account' as object, company_id as id, name, timestamp, value, source, source_id, updated_by_user_id, loaded_at
    from {{ source('raw_hubspot', 'company_property_history') }}
    where {{ was_known() }}

),

values_noted as (

    select
        history.system,
        history.object,
        history.id,
        fields.field,
        history.timestamp as noted_at,
        nullif(trim(history.value), '') as value,
        {{ hubspot_writer('history.source', 'history.source_id') }} as writer,
        {{ hubspot_user_id('history.updated_by_user_id', 'history.source_id') }} as hubspot_user_id,
        history.loaded_at
    from history
    inner join fields
        on history.system = fields.system and history.object = fields.object and history.name = fields.source_field

),

stages_entered as (

    select system, 'contact' as object, id, stage, entered_at from {{ hubspot_stages_entered('contacts') }} as of_contacts
    union all
    select system, 'account' as object, id, stage, entered_at from {{ hubspot_stages_entered('companies') }} as of_companies

),

stages_without_history as (

    select
        stages_entered.system,
        stages_entered.object,
        stages_entered.id,
        fields.field,
        stages_entered.entered_at as noted_at,
        stages_entered.stage as value,
        cast(null as {{ dbt.type_string() }}) as writer,
        cast(null as {{ dbt.type_string() }}) as hubspot_user_id,
        records.loaded_at
    from stages_entered
    inner join records using (system, object, id)
    inner join fields
        on
            stages_entered.system = fields.system
            and stages_entered.object = fields.object
            and fields.source_field = 'lifecyclestage'
    where
        not exists (
            select 1
            from values_noted
            where
                values_noted.system = stages_entered.system
                and values_noted.object = stages_entered.object
                and values_noted.id = stages_entered.id
                and values_noted.field = fields.field
        )

),

owners as (

    select system, user_id as hubspot_user_id, min(id) as owner_id
    from {{ source('raw_hubspot', 'owner') }}
    where {{ was_known() }} and user_id is not null
    group by system, user_id

),

changes as (

    select
        noted.*,
        lag(noted.value) over (
            partition by noted.system, noted.object, noted.id, noted.field order by noted.noted_at, noted.value
        ) as old_value
    from (
        select * from values_noted
        union all
        select * from stages_without_history
    ) as noted

)

select
    changes.system,
    {{ hashed(['changes.object', 'changes.id', 'changes.field', 'changes.noted_at', 'changes.value']) }} as change_id,
    changes.id as record_id,
    changes.object,
    changes.field,
    changes.old_value,
    changes.value as new_value,
    {{ hubspot_since_creation('changes.noted_at', 'records.created_at') }} as changed_at,
    cast(null as date) as changed_on,
    coalesce(owners.owner_id, changes.hubspot_user_id) as changed_by,
    changes.writer,
    changes.loaded_at
from changes
left join records using (system, object, id)
left join owners on changes.system = owners.system and changes.hubspot_user_id = owners.hubspot_user_id
