with claims as (

    select
        *,
        coalesce(claimed_at, cast('1900-01-01' as timestamp)) as valid_from
    from {{ ref('int_stages_claimed') }}
    where unit = 'person' and is_live and speaks_for_object

)

select
    claim_id,
    person_id,
    side,
    source,
    position,
    source_kind,
    system,
    object,
    record_id,
    opportunity_id,
    field,
    value,
    meaning,
    stage,
    stage_kind,
    says_a_stage,
    writer,
    basis,
    from_rank as lowest_rank,
    case when to_rank = speaks_until_rank then 10000 else to_rank end as highest_rank,
    source_kind = 'opportunity' and coalesce(stage_kind = 'exit', false) as is_lost,
    valid_from,
    coalesce(
        lead(valid_from) over (
            partition by person_id, side, source
            order by valid_from, valued_at, coalesce(rank, 10000), claim_id
        ),
        {{ end_of_time() }}
    ) as valid_until,
    min(case when says_a_stage then valid_from end) over (
        partition by person_id, side, source
        order by valid_from, valued_at, coalesce(rank, 10000), claim_id
        rows between unbounded preceding and unbounded following
    ) as said_from
from claims
