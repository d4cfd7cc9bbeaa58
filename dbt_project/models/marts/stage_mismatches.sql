with mismatches as (

    select
        *,
        {{ hashed(['person_id', 'crm_system', 'map_system', 'parted_at']) }} as mismatch_id
    from {{ ref('int_people_compared') }}
    where verdict = 'mismatch'

),

clock as (

    select * from {{ ref('int_clock') }}

),

stage_of_record as (

    select person_id, stage from {{ ref('int_people_staged') }}

),

authority as (

    select stage_authority.stage, min_by(stage_sources.side, stage_authority.position) as side
    from {{ ref('stg_agreement__stage_authority') }} as stage_authority
    inner join {{ ref('stg_agreement__stage_sources') }} as stage_sources using (version, source)
    inner join clock on stage_authority.version = clock.agreement_version
    group by stage_authority.stage

),

owners as (

    select side_owners.side, side_owners.team
    from {{ ref('stg_agreement__side_owners') }} as side_owners
    inner join clock on side_owners.version = clock.agreement_version

),

native_values as (

    select source_values.source, source_values.stage, min(source_values.value) as value
    from {{ ref('stg_agreement__source_values') }} as source_values
    inner join clock on source_values.version = clock.agreement_version
    where source_values.meaning in ('stage', 'exit') and not source_values.is_correction
    group by source_values.source, source_values.stage

),

sided as (

    select
        mismatches.*,
        stage_of_record.stage as expected_stage,
        case
            when mismatches.cause = 'missing_record' and not mismatches.is_in_crm then 'crm'
            when mismatches.cause = 'missing_record' then 'map'
            when mismatches.cause = 'unmapped_value' and mismatches.crm_meaning = 'unmapped' then 'crm'
            when mismatches.cause = 'unmapped_value' then 'map'
            when authority.side = 'crm' then 'map'
            else 'crm'
        end as side_to_mend
    from mismatches
    left join stage_of_record using (person_id)
    left join authority on stage_of_record.stage = authority.stage

),

expected as (

    select
        sided.*,
        owners.team as owner_team,
        native_values.value as expected_value
    from sided
    left join owners on sided.side_to_mend = owners.side
    left join native_values
        on
            sided.expected_stage = native_values.stage
            and native_values.source = case sided.side_to_mend when 'crm' then sided.crm_source else sided.map_source end

)

select
    expected.mismatch_id,
    expected.person_id,
    expected.crm_system,
    {{ published_id('expected.crm_record_id') }} as crm_record_id,
    expected.crm_field,
    expected.crm_value,
    expected.crm_stage,
    expected.crm_since,
    {{ published_id('expected.crm_writer') }} as crm_writer,
    expected.map_system,
    {{ published_id('expected.map_record_id') }} as map_record_id,
    expected.map_field,
    expected.map_value,
    expected.map_stage,
    expected.map_since,
    {{ published_id('expected.map_writer') }} as map_writer,
    expected.cause,
    case expected.cause
        when 'missing_record'
            then 'The agreement requires a record in the ' || upper(expected.side_to_mend)
                || ' from the hand-over on, and none is found by id, external id or e-mail.'
        when 'unmapped_value'
            then 'The agreement gives no meaning to "'
                || case expected.side_to_mend when 'crm' then expected.crm_value else expected.map_value end
                || '" in ' || case expected.side_to_mend when 'crm' then expected.crm_field else expected.map_field end || '.'
        else 'The CRM says ' || coalesce(expected.crm_value, 'nothing') || ' since '
            || {{ moment('expected.crm_since') }} || ', the MAP says '
            || coalesce(expected.map_value, 'nothing') || ' since ' || {{ moment('expected.map_since') }}
            || '; no range that the agreement allows contains both.'
    end as evidence,
    weighed.severity,
    expected.owner_team,
    expected.expected_stage,
    expected.expected_value,
    case expected.cause
        when 'missing_record'
            then 'Create or link the person in the ' || upper(expected.side_to_mend) || ', or mark the other record as excluded.'
        when 'unmapped_value'
            then 'Map the value in the agreement (a correction or a new version), or set the field to a value that is mapped.'
        else 'Set ' || case expected.side_to_mend when 'crm' then coalesce(expected.crm_field, 'the stage')
            else coalesce(expected.map_field, 'the stage') end
            || ' in the '
            || upper(expected.side_to_mend)
            || ' to '
            || coalesce(expected.expected_value, 'the value for ' || expected.expected_stage, 'a value on which both sides agree')
            || ', or correct the stage of record.'
    end as suggested_fix,
    expected.opportunity_id,
    expected.parted_at,
    seen.first_seen_at
from expected
left join {{ ref('int_mismatches_weighed') }} as weighed using (person_id)
left join {{ ref('int_mismatches_seen') }} as seen using (mismatch_id)
