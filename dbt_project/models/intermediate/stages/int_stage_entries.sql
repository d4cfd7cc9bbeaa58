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

spoken as (

    select claims.*
    from claims
    where
        claims.unit = 'opportunity'
        or not exists (
            select 1
            from {{ ref('int_sources_speaking') }} as first_to_speak
            where
                first_to_speak.person_id = claims.person_id
                and first_to_speak.side = claims.side
                and first_to_speak.position < claims.position
                and first_to_speak.speaks_from <= claims.claimed_at
                and claims.claimed_at < first_to_speak.speaks_until
        )

)

select
    spoken.*,
    spoken.unit = 'opportunity' or (authority.source is not null and spoken.side = deciding_side.side) as is_authoritative
from spoken
left join authority
    on spoken.version = authority.version and spoken.stage = authority.stage and spoken.source = authority.source
left join deciding_side
    on
        spoken.person_id = deciding_side.person_id
        and spoken.version = deciding_side.version
        and spoken.stage = deciding_side.stage
