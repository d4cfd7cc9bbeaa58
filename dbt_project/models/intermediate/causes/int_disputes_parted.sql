with mismatches as (

    select person_id, parted_at, parting, is_in_crm, is_in_map
    from {{ ref('int_people_compared') }}
    where verdict = 'mismatch'

),

stage_of_record as (

    select person_id, stage from {{ ref('int_people_staged') }}

),

authority as (

    select stage_authority.stage, min_by(stage_sources.side, stage_authority.position) as side
    from {{ ref('stg_agreement__stage_authority') }} as stage_authority
    inner join {{ ref('stg_agreement__stage_sources') }} as stage_sources using (version, source)
    inner join {{ ref('int_clock') }} as clock on stage_authority.version = clock.agreement_version
    group by stage_authority.stage

),

syncs as (

    select max(syncs.within_seconds) as within_seconds
    from {{ ref('stg_agreement__syncs') }} as syncs
    inner join {{ ref('int_clock') }} as clock on syncs.version = clock.agreement_version

)

select
    mismatches.person_id,
    mismatches.parted_at,
    {{ dbt.dateadd('microsecond', -1, 'mismatches.parted_at') }} as before_parting,
    coalesce(syncs.within_seconds, 0) as sync_seconds,
    mismatches.parting,
    mismatches.is_in_crm,
    mismatches.is_in_map,
    stage_of_record.stage as stage_of_record,
    case authority.side when 'crm' then 'map' else 'crm' end as lagging_side
from mismatches
cross join syncs
left join stage_of_record using (person_id)
left join authority on stage_of_record.stage = authority.stage
