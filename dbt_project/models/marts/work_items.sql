with mismatches as (

    select * from {{ ref('int_mismatches_listed') }}

),

grouped as (

    select
        mismatches.work_item_id,
        min(mismatches.cause) as cause,
        min(mismatches.side_to_mend) as side_to_mend,
        min(mismatches.owner_team) as owner_team,
        min(mismatches.wrong_system) as system,
        {{ shared_by_all('mismatches.wrong_field') }} as field,
        {{ shared_by_all('mismatches.wrong_value') }} as value,
        {{ shared_by_all('mismatches.expected_stage') }} as expected_stage,
        {{ shared_by_all('mismatches.expected_value') }} as expected_value,
        count(*) as people_count,
        sum(case when mismatches.severity = 'high' then 1 else 0 end) as high_count,
        min(mismatches.parted_at) as earliest_parted_at,
        max(mismatches.parted_at) as latest_parted_at,
        min(mismatches.first_seen_at) as first_seen_at,
        min_by(
            mismatches.mismatch_id, cast(mismatches.parted_at as {{ dbt.type_string() }}) || mismatches.mismatch_id
        ) as example_mismatch_id
    from mismatches
    group by mismatches.work_item_id

)

select
    grouped.work_item_id,
    grouped.cause,
    grouped.side_to_mend,
    grouped.owner_team,
    grouped.system,
    grouped.field,
    grouped.value,
    grouped.expected_stage,
    grouped.expected_value,
    cast(grouped.people_count as {{ dbt.type_bigint() }}) as people_count,
    cast(grouped.high_count as {{ dbt.type_bigint() }}) as high_count,
    grouped.earliest_parted_at,
    grouped.latest_parted_at,
    grouped.first_seen_at,
    grouped.example_mismatch_id,
    examples.evidence as example_evidence,
    examples.suggested_fix as example_fix
from grouped
inner join mismatches as examples on grouped.example_mismatch_id = examples.mismatch_id
