with records as (

    select * from {{ ref('int_people_matched') }}

),

record_urls as (

    select * from {{ ref('stg_sources__record_urls') }}

)

select
    records.person_id,
    records.system,
    records.object,
    {{ published_id('records.record_id') }} as record_id,
    replace(record_urls.template, '{record_id}', {{ published_id('records.record_id') }}) as record_url,
    records.matched_by,
    cast(1.0 as double) as confidence
from records
left join record_urls on records.system = record_urls.system and records.object = record_urls.object
