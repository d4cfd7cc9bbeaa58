with faced as (

    select * from {{ ref('int_sides_faced') }}

),

partings as (

    select person_id, parted_at, verdict from {{ ref('int_partings_dated') }}
    where met_at is null

)

select
    faced.person_id,
    faced.crm_system,
    faced.crm_record_id,
    faced.crm_field,
    faced.crm_value,
    faced.crm_stage,
    faced.crm_meaning,
    faced.crm_since,
    faced.crm_writer,
    faced.crm_source,
    faced.crm_claim_id,
    faced.map_system,
    faced.map_record_id,
    faced.map_field,
    faced.map_value,
    faced.map_stage,
    faced.map_meaning,
    faced.map_since,
    faced.map_writer,
    faced.map_source,
    faced.map_claim_id,
    faced.opportunity_id,
    faced.is_in_crm,
    faced.is_in_map,
    coalesce(partings.verdict, faced.verdict) as verdict,
    case when partings.verdict is not null then faced.parting end as parting,
    partings.parted_at
from faced
left join partings using (person_id)
