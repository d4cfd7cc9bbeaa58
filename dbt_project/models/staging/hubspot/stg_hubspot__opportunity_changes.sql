with deals as (

    select system, id, createdate as created_at, extra, loaded_at
    from {{ latest_version(source('raw_hubspot', 'deal'), key=['system', 'id']) }} as latest

),

values_noted as (

    select
        system,
        deal_id as id,
        timestamp as noted_at,
        nullif(trim(value), '') as value,
        {{ hubspot_user_id('updated_by_user_id', 'source_id') }} as hubspot_user_id,
        loaded_at
    from {{ source('raw_hubspot', 'deal_property_history') }}
    where name = 'dealstage' and {{ was_known() }}

),

stages_without_history as (

    select
        entered.system,
        entered.id,
        entered.entered_at as noted_at,
        entered.stage as value,
        cast(null as {{ dbt.type_string() }}) as hubspot_user_id,
        deals.loaded_at
    from {{ hubspot_stages_entered('deals') }} as entered
    inner join deals using (system, id)
    where
        not exists (
            select 1 from values_noted
            where values_noted.system = entered.system and values_noted.id = entered.id
        )
        and exists (
            select 1 from {{ source('raw_hubspot', 'pipeline_stage') }} as stages
            where stages.system = entered.system and stages.id = entered.stage
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
        lag(noted.value) over (partition by noted.system, noted.id order by noted.noted_at, noted.value) as old_value
    from (
        select * from values_noted
        union all
        select * from stages_without_history
    ) as noted

)

select
    changes.system,
    {{ hashed(['changes.id', 'changes.noted_at', 'changes.value']) }} as change_id,
    changes.id as opportunity_id,
    changes.old_value,
    changes.value as new_value,
    {{ hubspot_since_creation('changes.noted_at', 'deals.created_at') }} as changed_at,
    cast(null as date) as changed_on,
    coalesce(owners.owner_id, changes.hubspot_user_id) as changed_by,
    changes.loaded_at
from changes
left join deals using (system, id)
left join owners on changes.system = owners.system and changes.hubspot_user_id = owners.hubspot_user_id
where changes.value is not null
