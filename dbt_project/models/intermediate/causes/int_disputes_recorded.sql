with sides as (

    select distinct stage_sources.system, stage_sources.side
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join {{ ref('int_clock') }} as clock on stage_sources.version = clock.agreement_version

)

select
    disputes.person_id,
    sides.side,
    records.system,
    records.object,
    records.record_id,
    records.account_id,
    records.is_live,
    coalesce(records.is_deleted, false) and records.merged_into_record_id is null as is_tombstone,
    records.merged_into_record_id,
    records.converted_to_record_id,
    records.converted_at,
    records.linked_system,
    records.linked_record_id,
    records.updated_at
from {{ ref('int_disputes_parted') }} as disputes
inner join {{ ref('int_people_matched') }} as records using (person_id)
inner join sides on records.system = sides.system
