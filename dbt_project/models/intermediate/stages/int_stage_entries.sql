with claims as (

    select * from {{ ref('int_stages_claimed') }}
    where says_a_stage and is_live

),

authority as (

    select stage_authority.version, stage_authority.stage, stage_authority.source, stage_authority.position, sources.side
    from {{ ref('stg_agreement__stage_authority') }} as stage_authority
    inner join {{ ref('stg_agreement__stage_sources') }} as sources using (version, source)

),

sources_with_a_record as (

    select distinct claims.person_id, stage_sources.version, stage_sources.source
    from {{ ref('int_stages_claimed') }} as claims
    inner join {{ ref('stg_agreement__stage_sources') }} as stage_sources
        on claims.source = stage_sources.source
    where claims.unit = 'person' and claims.is_live and stage_sources.kind = 'opportunity'

    union

    select distinct records.person_id, stage_sources.version, stage_sources.source
    from {{ ref('int_people_matched') }} as records
    inner join {{ ref('stg_agreement__stage_sources') }} as stage_sources
        on
            records.system = stage_sources.system
            and (stage_sources.kind = 'rule' or (stage_sources.kind = 'field' and records.object = stage_sources.object))
    where records.is_live

),

deciding_side as (

    select
        sources_with_a_record.person_id,
        authority.version,
        authority.stage,
        min_by(authority.side, authority.position) as side
    from sources_with_a_record
    inner join authority using (version, source)
    group by sources_with_a_record.person_id, authority.version, authority.stage

),

silenced as (

    select distinct claims.claim_id
    from claims
    inner join {{ ref('int_sources_speaking') }} as first_to_speak
        on
            claims.person_id = first_to_speak.person_id
            and claims.side = first_to_speak.side
            and claims.position > first_to_speak.position
            and claims.claimed_at >= first_to_speak.speaks_from
            and claims.claimed_at < first_to_speak.speaks_until
    where claims.unit = 'person'

)

select
    claims.unit,
    claims.unit_id,
    claims.person_id,
    claims.claim_id,
    claims.version,
    claims.source,
    claims.source_kind,
    claims.position,
    claims.system,
    claims.object,
    claims.record_id,
    claims.opportunity_id,
    claims.value,
    claims.claimed_at,
    claims.claimed_on,
    claims.valued_at,
    claims.basis,
    claims.known_at,
    claims.side,
    claims.stage,
    claims.rank,
    claims.stage_kind,
    claims.stage_unit,
    claims.stage_owner,
    claims.reopens,
    claims.is_last_stage,
    claims.speaks_until_rank,
    claims.unit = 'opportunity' or coalesce(authority.source is not null and claims.side = deciding_side.side, false)
        as is_authoritative
from claims
left join authority
    on claims.version = authority.version and claims.stage = authority.stage and claims.source = authority.source
left join deciding_side
    on
        claims.person_id = deciding_side.person_id
        and claims.version = deciding_side.version
        and claims.stage = deciding_side.stage
where claims.claim_id not in (select claim_id from silenced)
