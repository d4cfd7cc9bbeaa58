with email_campaigns as (

    select system, id, name, subject, loaded_at
    from {{ latest_version(source('raw_hubspot', 'email_campaign'), key=['system', 'id']) }} as latest

),

forms as (

    select system, coalesce(nullif(trim(title), ''), form_id) as form, min(loaded_at) as loaded_at
    from {{ source('raw_hubspot', 'form_submission') }}
    where {{ was_known() }}
    group by system, coalesce(nullif(trim(title), ''), form_id)

)

select
    system,
    id as campaign_id,
    coalesce(nullif(trim(name), ''), subject) as name,
    'email' as channel,
    cast(null as decimal(18, 2)) as cost,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(null as date) as started_on,
    loaded_at
from email_campaigns

union all

select
    forms.system,
    forms.form as campaign_id,
    forms.form as name,
    'form' as channel,
    cast(null as decimal(18, 2)) as cost,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(null as date) as started_on,
    forms.loaded_at
from forms
left join email_campaigns on forms.system = email_campaigns.system and forms.form = email_campaigns.id
where forms.form is not null and email_campaigns.id is null
