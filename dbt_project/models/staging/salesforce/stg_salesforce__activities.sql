with systems as (

    select * from {{ source('raw_sources', 'systems') }}

),

machines as (

    select * from {{ salesforce_machines() }} as machines

),

campaigns as (

    select * from {{ latest_version(source('raw_salesforce', 'campaign'), key=['system', 'id']) }} as latest

),

directions as (

    select * from {{ fields_of(['task', 'event']) }} as fields
    where field = 'direction'

),

events_complete as (

    select system, max(complete_through) as complete_through
    from {{ source('raw_salesforce', 'extractions') }}
    where object = 'event' and {{ was_known() }}
    group by system

),

tasks as (

    select
        tasks.system,
        tasks.id as activity_id,
        tasks.who_id as record_id,
        case
            when tasks.task_subtype = 'Call' then 'call'
            when tasks.task_subtype in ('Email', 'ListEmail') then 'email'
            when tasks.task_subtype = 'LinkedIn' then 'message'
            when lower(tasks.type) like '%call%' or lower(tasks.type) like '%phone%' then 'call'
            when lower(tasks.type) like '%mail%' then 'email'
            when lower(tasks.type) like '%meeting%' or lower(tasks.type) like '%demo%' then 'meeting'
            when
                lower(tasks.type) like '%message%' or lower(tasks.type) like '%linkedin%' or lower(tasks.type) like '%sms%'
                or lower(tasks.type) like '%chat%' or lower(tasks.type) like '%whatsapp%'
                then 'message'
            when tasks.call_type is not null then 'call'
            else 'task'
        end as kind,
        'sales' as side,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        lower(coalesce(tasks.call_type, {{ vendor_value('tasks', 'directions', ['type', 'task_subtype']) }})) as direction,
        case
            when tasks.completed_date_time is not null then tasks.completed_date_time
            when tasks.activity_date is null then tasks.created_date
        end as known_moment,
        case when tasks.completed_date_time is null then tasks.activity_date end as occurred_on,
        tasks.owner_id,
        coalesce(tasks.is_closed, tasks.status = 'Completed') as is_completed,
        coalesce(tasks.task_subtype, '') in ('ListEmail', 'Cadence') as is_automated,
        tasks.created_by_id,
        tasks.loaded_at
    from {{ latest_version(source('raw_salesforce', 'task'), key=['system', 'id']) }} as tasks
    left join directions on tasks.system = directions.system and directions.object = 'task'
    where not coalesce(tasks.is_deleted, false) and nullif(tasks.who_id, '') is not null

),

events_with_times as (

    select
        *,
        case
            when
                lower(coalesce({{ json_text('extra', "'IsAllDayEvent'") }}, {{ json_text('extra', "'is_all_day_event'") }}))
                = 'true'
                then null
            else coalesce(start_date_time, activity_date_time)
        end as starts_at
    from {{ latest_version(source('raw_salesforce', 'event'), key=['system', 'id']) }} as latest
    where not coalesce(is_deleted, false) and nullif(who_id, '') is not null

),

events as (

    select
        events.system,
        events.id as activity_id,
        events.who_id as record_id,
        'meeting' as kind,
        'sales' as side,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        lower({{ vendor_value('events', 'directions', ['type', 'event_subtype']) }}) as direction,
        case
            when events.starts_at is not null then events.starts_at
            when events.activity_date is null then events.created_date
        end as known_moment,
        case when events.starts_at is null then events.activity_date end as occurred_on,
        events.owner_id,
        case
            when events.starts_at is not null
                then coalesce(events.end_date_time, events.starts_at) <= events_complete.complete_through
            else
                {{ start_of_day(dbt.dateadd('day', 1, 'events.activity_date'), 'systems.timezone') }}
                <= events_complete.complete_through
        end as is_completed,
        false as is_automated,
        events.created_by_id,
        events.loaded_at
    from events_with_times as events
    left join events_complete on events.system = events_complete.system
    left join systems on events.system = systems.system
    left join directions on events.system = directions.system and directions.object = 'event'

),

responses as (

    select
        members.system,
        members.id as activity_id,
        coalesce(nullif(members.contact_id, ''), nullif(members.lead_id, ''), members.lead_or_contact_id) as record_id,
        'campaign_response' as kind,
        'marketing' as side,
        campaigns.type as channel,
        members.campaign_id,
        'inbound' as direction,
        case when members.first_responded_date is null then members.created_date end as known_moment,
        members.first_responded_date as occurred_on,
        cast(null as {{ dbt.type_string() }}) as owner_id,
        true as is_completed,
        false as is_automated,
        cast(null as {{ dbt.type_string() }}) as created_by_id,
        members.loaded_at
    from {{ latest_version(source('raw_salesforce', 'campaign_member'), key=['system', 'id']) }} as members
    left join campaigns on members.system = campaigns.system and members.campaign_id = campaigns.id
    where members.has_responded and not coalesce(members.is_deleted, false)

),

activities as (

    select * from tasks
    union all
    select * from events
    union all
    select * from responses

)

select
    activities.system,
    activities.activity_id,
    activities.record_id,
    activities.kind,
    activities.side,
    activities.channel,
    activities.campaign_id,
    activities.direction,
    coalesce(activities.known_moment, {{ start_of_day('activities.occurred_on', 'systems.timezone') }}) as occurred_at,
    activities.occurred_on,
    activities.owner_id,
    activities.is_completed,
    activities.is_automated or creators.id is not null or owners.id is not null as is_automated,
    cast(null as {{ dbt.type_string() }}) as linked_system,
    cast(null as {{ dbt.type_string() }}) as linked_record_id,
    activities.loaded_at
from activities
left join systems on activities.system = systems.system
left join machines as creators on activities.system = creators.system and activities.created_by_id = creators.id
left join machines as owners on activities.system = owners.system and activities.owner_id = owners.id
where activities.record_id is not null
