{{ config(materialized='view') }}

with entries as (

    select * from {{ ref('int_stage_entries') }}

),

disputed as (

    select * from {{ ref('int_people_compared') }}
    where verdict = 'mismatch'

),

clock as (

    select * from {{ ref('int_clock') }}

),

worlds as (

    select 'crm_least' as world, 'crm' as side, 'least' as reading
    union all
    select 'crm_greatest' as world, 'crm' as side, 'greatest' as reading
    union all
    select 'map_least' as world, 'map' as side, 'least' as reading
    union all
    select 'map_greatest' as world, 'map' as side, 'greatest' as reading

),

agreed_before_parting as (

    select worlds.world, entries.*
    from entries
    inner join disputed on entries.unit = 'person' and entries.unit_id = disputed.person_id
    cross join worlds
    where entries.is_authoritative and coalesce(entries.claimed_at < disputed.parted_at, true)

),

one_side_since_parting as (

    select worlds.world, entries.*
    from entries
    inner join disputed on entries.unit = 'person' and entries.unit_id = disputed.person_id
    inner join worlds on entries.side = worlds.side
    where entries.claimed_at >= disputed.parted_at

),

open_readings as (

    select worlds.world, states.person_id, states.claim_id, states.meaning, states.highest_rank
    from disputed
    cross join worlds
    inner join {{ ref('int_source_states') }} as states
        on
            disputed.person_id = states.person_id
            and states.claim_id = case worlds.side when 'crm' then disputed.crm_claim_id else disputed.map_claim_id end
    where worlds.reading = 'greatest' and states.meaning in ('range', 'unmapped')

),

stages as (

    select stages.*
    from {{ ref('stg_agreement__stages') }} as stages
    inner join clock on stages.version = clock.agreement_version

),

greatest_readings as (

    select
        open_readings.world,
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
        stages.stage,
        stages.rank,
        stages.kind as stage_kind,
        stages.unit as stage_unit,
        stages.owner as stage_owner,
        stages.reopens,
        stages.is_last as is_last_stage,
        claims.speaks_until_rank
    from open_readings
    inner join {{ ref('int_stages_claimed') }} as claims using (claim_id)
    inner join stages
        on
            stages.kind = 'stage'
            and case
                when open_readings.meaning = 'unmapped' then stages.is_last
                else stages.rank = open_readings.highest_rank
            end

),

{% set columns = [
    'unit', 'unit_id', 'person_id', 'claim_id', 'version', 'source', 'source_kind', 'position', 'system', 'object', 'record_id',
    'opportunity_id', 'value', 'claimed_at', 'claimed_on', 'valued_at', 'basis', 'known_at', 'side', 'stage', 'rank',
    'stage_kind',
    'stage_unit', 'stage_owner', 'reopens', 'is_last_stage', 'speaks_until_rank'
] | join(', ') %}

in_every_world as (

    select 'agreed' as world, {{ columns }} from entries
    where is_authoritative
    union all
    select world, {{ columns }} from agreed_before_parting
    union all
    select world, {{ columns }} from one_side_since_parting
    union all
    select world, {{ columns }} from greatest_readings

)

select
    in_every_world.*,
    {{ calendar_date('in_every_world.claimed_at', 'in_every_world.claimed_on', 'clock.timezone') }} as entered_date
from in_every_world
cross join clock
