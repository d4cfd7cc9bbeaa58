with mismatches as (

    select
        *,
        {{ hashed(['person_id', 'crm_system', 'map_system', 'parted_at']) }} as mismatch_id
    from {{ ref('int_people_compared') }}
    where verdict = 'mismatch'

),

owners as (

    select side_owners.side, side_owners.team
    from {{ ref('stg_agreement__side_owners') }} as side_owners
    inner join {{ ref('int_clock') }} as clock on side_owners.version = clock.agreement_version

)

select
    mismatches.mismatch_id,
    mismatches.person_id,
    mismatches.crm_system,
    {{ published_id('mismatches.crm_record_id') }} as crm_record_id,
    mismatches.crm_field,
    mismatches.crm_value,
    mismatches.crm_stage,
    mismatches.crm_since,
    {{ published_id('mismatches.crm_writer') }} as crm_writer,
    mismatches.map_system,
    {{ published_id('mismatches.map_record_id') }} as map_record_id,
    mismatches.map_field,
    mismatches.map_value,
    mismatches.map_stage,
    mismatches.map_since,
    {{ published_id('mismatches.map_writer') }} as map_writer,
    explained.cause,
    explained.evidence,
    explained.has_sufficient_evidence,
    weighed.severity,
    explained.wrong_side as side_to_mend,
    explained.wrong_system,
    explained.wrong_field,
    explained.wrong_value,
    owners.team as owner_team,
    explained.expected_stage,
    explained.expected_value,
    explained.suggested_fix,
    explained.work_item_id,
    coalesce(explained.opportunity_id, mismatches.opportunity_id) as opportunity_id,
    mismatches.parted_at,
    seen.first_seen_at
from mismatches
inner join {{ ref('int_mismatches_explained') }} as explained using (person_id)
left join owners on explained.wrong_side = owners.side
left join {{ ref('int_mismatches_weighed') }} as weighed using (person_id)
left join {{ ref('int_mismatches_seen') }} as seen using (mismatch_id)
