with touches as (

    select * from {{ marketo_activities([
        'visit webpage', 'click link', 'fill out form', 'fill out facebook lead ads form', 'fill out linkedin lead gen form',
        'open email', 'click email', 'open sales email', 'click sales email', 'change status in progression'
    ]) }} as activities
    where lead_id is not null and activity_date is not null

),

smart_campaigns as (

    select * from {{ latest_version(source('raw_marketo', 'campaign'), key=['system', 'id']) }} as latest

),

programs as (

    select * from {{ latest_version(source('raw_marketo', 'program'), key=['system', 'id']) }} as latest

),

described as (

    select
        touches.system,
        touches.marketo_guid,
        touches.lead_id,
        touches.activity_date,
        touches.loaded_at,
        case
            when touches.activity = 'visit webpage' then 'page_visit'
            when touches.activity = 'click link' then 'link_click'
            when touches.activity like 'fill out %' then 'form_fill'
            when touches.activity like 'open %' then 'email_open'
            when touches.activity like 'click %' then 'email_click'
            else 'program_status'
        end as kind,
        case
            when touches.activity = 'change status in progression' then touches.primary_attribute_value_id
            when touches.activity like 'fill out %' then coalesce(smart_campaigns.program_id, touches.primary_attribute_value)
            else smart_campaigns.program_id
        end as campaign_id,
        case
            when touches.activity = 'change status in progression'
                then lower({{ json_text('touches.attributes', "'Success'") }}) = 'true'
            else true
        end as is_completed,
        case
            when touches.attributes like '%Is Bot Activity%'
                then lower({{ json_text('touches.attributes', "'Is Bot Activity'") }}) = 'true'
            else false
        end as is_automated
    from touches
    left join smart_campaigns on touches.system = smart_campaigns.system and touches.campaign_id = smart_campaigns.id

)

select
    described.system,
    described.marketo_guid as activity_id,
    described.lead_id as record_id,
    described.kind,
    'marketing' as side,
    coalesce(
        programs.channel,
        case
            when described.kind in ('email_open', 'email_click') then 'Email'
            when described.kind in ('page_visit', 'link_click', 'form_fill') then 'Web'
        end
    ) as channel,
    described.campaign_id,
    'inbound' as direction,
    described.activity_date as occurred_at,
    cast(null as date) as occurred_on,
    cast(null as {{ dbt.type_string() }}) as owner_id,
    described.is_completed,
    coalesce(described.is_automated, false) as is_automated,
    cast(null as {{ dbt.type_string() }}) as linked_system,
    cast(null as {{ dbt.type_string() }}) as linked_record_id,
    described.loaded_at
from described
left join programs on described.system = programs.system and described.campaign_id = programs.id
