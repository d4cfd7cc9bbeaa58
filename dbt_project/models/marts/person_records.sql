with records as (

    select * from {{ ref('int_people_matched') }}

),

joined as (

    select * from {{ ref('int_records_joined') }}

),

record_urls as (

    select * from {{ ref('stg_sources__record_urls') }}

)

select
    records.person_id,
    records.system,
    records.object,
    {{ published_id('records.record_id') }} as record_id,
    {{ record_url('record_urls', 'records.record_id') }} as record_url,
    joined.matched_by,
    joined.matched_system,
    {{ published_id('joined.matched_record_id') }} as matched_record_id,
    joined.confidence,
    joined.evidence
from records
inner join joined using (record_rank)
left join record_urls on records.system = record_urls.system and records.object = record_urls.object
