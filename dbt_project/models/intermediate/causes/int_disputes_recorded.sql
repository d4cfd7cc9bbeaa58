with sides as (

    select distinct stage_sources.system, stage_sources.side
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join {{ ref('int_clock') }} as clock on stage_sources.version = clock.agreement_version

)

select
    disputes.person_id,
    disputes.parted_at,
    sides.side,
    records.system,
    records.object,
    records.record_id,
    records.account_id,
    records.is_live,
    records.is_record_of_record,
    coalesce(records.is_deleted, false) and records.merged_into_record_id is null as is_tombstone,
    records.merged_into_record_id,
    case
        when coalesce(records.converted_at <= disputes.faced_at, true) then records.converted_to_record_id
    end as converted_to_record_id,
    records.converted_at,
    records.linked_system,
    records.linked_record_id,
    records.updated_at
from {{ ref('int_disputes_parted') }} as disputes
inner join {{ ref('int_people_matched') }} as records
    on
        disputes.person_id = records.person_id
        and (records.is_live or coalesce(records.updated_at <= disputes.faced_at, true))
inner join sides on records.system = sides.system
