with observations as (

    select * from {{ ref('int_stage_observations') }}

),

records as (

    select * from {{ ref('int_people_matched') }}

),

opportunity_people as (

    select * from {{ ref('int_opportunity_people_matched') }}

),

claims_of_records as (

    select
        'person' as unit,
        records.person_id as unit_id,
        records.person_id,
        observations.*,
        observations.valued_at as claimed_at,
        observations.valued_on as claimed_on,
        records.is_live,
        records.speaks_for_object
    from observations
    inner join records using (system, record_id)
    where observations.source_kind <> 'opportunity'

),

claims_of_opportunities_about_people as (

    select
        'person' as unit,
        opportunity_people.person_id as unit_id,
        opportunity_people.person_id,
        observations.*,
        case
            when opportunity_people.joined_at > observations.valued_at then opportunity_people.joined_at
            else observations.valued_at
        end as claimed_at,
        case
            when opportunity_people.joined_at > observations.valued_at then opportunity_people.joined_on
            else observations.valued_on
        end as claimed_on,
        true as is_live,
        true as speaks_for_object
    from observations
    inner join opportunity_people using (system, opportunity_id)
    where
        observations.source_kind = 'opportunity'
        and (
            opportunity_people.is_origin
            or observations.people = 'all_roles'
            or (observations.people = 'primary' and opportunity_people.is_primary)
        )

),

spells as (

    select
        person_id,
        system,
        opportunity_id,
        coalesce(is_last_stage or stage_kind = 'exit', false) as is_closed,
        claimed_at as opened_at,
        coalesce(
            lead(claimed_at) over (
                partition by person_id, system, opportunity_id order by claimed_at, valued_at, coalesce(rank, 10000)
            ),
            {{ end_of_time() }}
        ) as closed_at
    from claims_of_opportunities_about_people
    where meaning in ('stage', 'exit', 'range')

),

losses_while_another_is_open as (

    select distinct claims.person_id, claims.system, claims.opportunity_id, claims.valued_at, claims.stage
    from claims_of_opportunities_about_people as claims
    inner join spells as others
        on
            claims.person_id = others.person_id
            and not others.is_closed
            and others.opened_at <= claims.claimed_at
            and claims.claimed_at < others.closed_at
    where
        claims.stage_kind = 'exit'
        and (others.system <> claims.system or others.opportunity_id <> claims.opportunity_id)

),

claims_of_opportunities as (

    select
        'opportunity' as unit,
        {{ hashed(['observations.system', 'observations.opportunity_id']) }} as unit_id,
        cast(null as {{ dbt.type_string() }}) as person_id,
        observations.*,
        observations.valued_at as claimed_at,
        observations.valued_on as claimed_on,
        true as is_live,
        true as speaks_for_object
    from observations
    where
        observations.source_kind = 'opportunity'
        and (
            observations.stage_unit = 'opportunity'
            or observations.stage_kind = 'exit'
            or observations.meaning not in ('stage', 'exit')
        )

),

claims as (

    select * from claims_of_records

    union all

    select claims.*
    from claims_of_opportunities_about_people as claims
    left join losses_while_another_is_open as losses
        on
            claims.person_id = losses.person_id
            and claims.system = losses.system
            and claims.opportunity_id = losses.opportunity_id
            and claims.valued_at = losses.valued_at
            and claims.stage = losses.stage
    where losses.person_id is null

    union all

    select * from claims_of_opportunities

)

select
    {{ hashed([
        'unit', 'unit_id', 'source', 'version', 'system', 'object', 'record_id', 'opportunity_id', 'value', 'valued_at',
        'valued_on', 'basis', 'stage'
    ]) }} as claim_id,
    *,
    coalesce(meaning in ('stage', 'exit'), false) as says_a_stage
from claims
