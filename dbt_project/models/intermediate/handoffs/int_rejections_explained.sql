{% set hand_over = 'world, person_id, cycle, handoff' %}

with rejections as (

    select
        rejected.world,
        rejected.person_id,
        rejected.cycle,
        rejected.handoff,
        rejected.version,
        rejected.handed_over_at,
        rejected.rejected_at,
        rejected.next_handed_over_at,
        sources.system,
        sources.object,
        sources.reason_field
    from {{ ref('int_handoffs_begun') }} as rejected
    inner join {{ ref('stg_agreement__stage_sources') }} as sources
        on rejected.rejection_source_version = sources.version and rejected.rejection_source = sources.source
    where rejected.rejected_as is not null and sources.reason_field is not null

),

reasons as (

    select
        records.person_id,
        dated.system,
        dated.object,
        dated.field,
        dated.value,
        dated.valued_at,
        dated.basis = 'inferred' as is_undated
    from {{ ref('int_field_values_dated') }} as dated
    inner join {{ ref('int_people_matched') }} as records using (system, record_id)
    where dated.value is not null

),

candidates as (

    select
        rejections.world,
        rejections.person_id,
        rejections.cycle,
        rejections.handoff,
        rejections.version,
        reasons.value,
        row_number() over (
            partition by rejections.world, rejections.person_id, rejections.cycle, rejections.handoff
            order by
                case when reasons.is_undated then 2 when reasons.valued_at > rejections.rejected_at then 1 else 0 end,
                case when reasons.valued_at <= rejections.rejected_at then reasons.valued_at end desc,
                reasons.valued_at,
                reasons.value
        ) as candidate_rank
    from rejections
    inner join reasons
        on
            rejections.person_id = reasons.person_id
            and rejections.system = reasons.system
            and rejections.object = reasons.object
            and rejections.reason_field = reasons.field
            and case
                when reasons.is_undated then rejections.next_handed_over_at is null
                else
                    reasons.valued_at >= rejections.handed_over_at
                    and reasons.valued_at < coalesce(rejections.next_handed_over_at, {{ end_of_time() }})
            end

),

agreed as (

    select version, value, reason
    from {{ ref('stg_agreement__rejection_reasons') }}

),

versions as (

    select distinct version from agreed

)

select
    candidates.world,
    candidates.person_id,
    candidates.cycle,
    candidates.handoff,
    coalesce(agreed.reason, 'unmapped') as rejection_reason
from candidates
inner join versions using (version)
left join agreed on candidates.version = agreed.version and candidates.value = agreed.value
where candidates.candidate_rank = 1
