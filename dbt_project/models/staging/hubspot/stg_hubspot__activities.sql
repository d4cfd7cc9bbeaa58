with engagements as (

    select *
    from {{ latest_version(source('raw_hubspot', 'engagement'), key=['system', 'id']) }} as latest
    where not coalesce(archived, false)

),

contacts_engaged as (

    select distinct system, engagement_id, contact_id
    from {{ hubspot_associations('engagement', 'contact') }} as associations

),

contacts_by_email as (

    select
        system,
        {{ normalised_email('email') }} as email,
        coalesce(min(id) filter (where not coalesce(archived, false)), min(id)) as contact_id
    from {{ latest_version(source('raw_hubspot', 'contact'), key=['system', 'id']) }} as latest
    where email is not null
    group by system, {{ normalised_email('email') }}

),

one_to_one as (

    select
        engagements.system,
        'engagement-' || engagements.id || '-' || contacts_engaged.contact_id as activity_id,
        contacts_engaged.contact_id as record_id,
        case engagements.type
            when 'CALL' then 'call'
            when 'EMAIL' then 'email'
            when 'INCOMING_EMAIL' then 'email'
            when 'FORWARDED_EMAIL' then 'email'
            when 'MEETING' then 'meeting'
            when 'COMMUNICATION' then 'message'
            else lower(engagements.type)
        end as kind,
        'sales' as side,
        case when engagements.type = 'CALL' then 'phone' when engagements.type like '%EMAIL' then 'email' end as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        case
            when engagements.type = 'CALL' then lower(engagements.hs_call_direction)
            when
                engagements.type in ('INCOMING_EMAIL', 'FORWARDED_EMAIL')
                or (engagements.type = 'EMAIL' and engagements.hs_email_direction in ('INCOMING_EMAIL', 'FORWARDED_EMAIL'))
                then 'inbound'
            when engagements.type = 'EMAIL' then 'outbound'
        end as direction,
        coalesce(engagements.hs_timestamp, engagements.hs_createdate) as occurred_at,
        engagements.hubspot_owner_id as owner_id,
        case engagements.type
            when 'CALL' then coalesce(engagements.hs_call_status = 'COMPLETED', true)
            when 'MEETING' then engagements.hs_meeting_outcome = 'COMPLETED'
            when 'TASK' then coalesce(engagements.hs_task_status = 'COMPLETED', false)
            else true
        end as is_completed,
        coalesce(
            engagements.hs_object_source in ('SEQUENCES', 'AUTOMATION_PLATFORM', 'AUTOMATION_JOURNEY', 'WORKFLOWS', 'BOT'), false
        ) as is_automated,
        engagements.loaded_at
    from engagements
    inner join contacts_engaged
        on engagements.system = contacts_engaged.system and engagements.id = contacts_engaged.engagement_id

),

forms_filled as (

    select
        system,
        'form-' || contact_id || '-' || conversion_id as activity_id,
        contact_id as record_id,
        'form_fill' as kind,
        'marketing' as side,
        'form' as channel,
        coalesce(nullif(trim(title), ''), form_id) as campaign_id,
        'inbound' as direction,
        timestamp as occurred_at,
        cast(null as {{ dbt.type_string() }}) as owner_id,
        true as is_completed,
        false as is_automated,
        loaded_at
    from {{ source('raw_hubspot', 'form_submission') }}
    where {{ was_known() }}

),

mails_noticed as (

    select
        events.system,
        'email-' || events.id as activity_id,
        contacts_by_email.contact_id as record_id,
        case events.type when 'OPEN' then 'email_open' else 'email_click' end as kind,
        'marketing' as side,
        'email' as channel,
        events.email_campaign_id as campaign_id,
        'inbound' as direction,
        events.created as occurred_at,
        cast(null as {{ dbt.type_string() }}) as owner_id,
        true as is_completed,
        false as is_automated,
        events.loaded_at
    from {{ source('raw_hubspot', 'email_event') }} as events
    inner join contacts_by_email
        on events.system = contacts_by_email.system and {{ normalised_email('events.recipient') }} = contacts_by_email.email
    where events.type in ('OPEN', 'CLICK') and {{ was_known('events.loaded_at') }}

),

activities as (

    select * from one_to_one
    union all
    select * from forms_filled
    union all
    select * from mails_noticed

)

select
    system,
    activity_id,
    record_id,
    kind,
    side,
    channel,
    campaign_id,
    direction,
    occurred_at,
    cast(null as date) as occurred_on,
    owner_id,
    is_completed,
    is_automated,
    cast(null as {{ dbt.type_string() }}) as linked_system,
    cast(null as {{ dbt.type_string() }}) as linked_record_id,
    loaded_at
from activities
where occurred_at is not null
