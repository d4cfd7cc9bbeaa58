with people as (

    select * from {{ ref('int_people_described') }}
    where not is_excluded and not is_deleted

),

sides as (

    select * from {{ ref('int_sides_read') }}

),

connected as (

    select
        count(distinct case when stage_sources.side = 'crm' then systems.system end) > 0
        and count(distinct case when stage_sources.side = 'map' then systems.system end) > 0 as both_sides
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join {{ ref('stg_sources__systems') }} as systems using (system)
    inner join {{ ref('int_clock') }} as clock on stage_sources.version = clock.agreement_version

),

required as (

    select * from {{ ref('int_records_required') }}

),

records_of_opportunities as (

    select distinct person_id, side
    from {{ ref('int_source_states') }}

),

facing as (

    select
        people.person_id,
        coalesce(crm.system, people.crm_system) as crm_system,
        coalesce(crm.record_id, people.crm_record_id) as crm_record_id,
        crm.object || '.' || crm.field as crm_field,
        crm.value as crm_value,
        crm.stage as crm_stage,
        crm.meaning as crm_meaning,
        nullif(crm.valid_from, cast('1900-01-01' as timestamp)) as crm_since,
        crm.writer as crm_writer,
        crm.source as crm_source,
        crm.opportunity_id,
        crm.claim_id as crm_claim_id,
        coalesce(map.system, people.map_system) as map_system,
        coalesce(map.record_id, people.map_record_id) as map_record_id,
        map.object || '.' || map.field as map_field,
        map.value as map_value,
        map.stage as map_stage,
        map.meaning as map_meaning,
        nullif(map.valid_from, cast('1900-01-01' as timestamp)) as map_since,
        map.writer as map_writer,
        map.source as map_source,
        map.claim_id as map_claim_id,
        people.crm_record_id is not null or crm_opportunities.person_id is not null as is_in_crm,
        people.map_record_id is not null or map_opportunities.person_id is not null as is_in_map,
        crm_required.required_since as crm_required_since,
        map_required.required_since as map_required_since,
        {{ sets_meet('crm', 'map') }} as sets_meet
    from people
    left join sides as crm on people.person_id = crm.person_id and crm.side = 'crm'
    left join sides as map on people.person_id = map.person_id and map.side = 'map'
    left join records_of_opportunities as crm_opportunities
        on people.person_id = crm_opportunities.person_id and crm_opportunities.side = 'crm'
    left join records_of_opportunities as map_opportunities
        on people.person_id = map_opportunities.person_id and map_opportunities.side = 'map'
    left join required as crm_required on people.person_id = crm_required.person_id and crm_required.side = 'crm'
    left join required as map_required on people.person_id = map_required.person_id and map_required.side = 'map'

),

judged as (

    select
        facing.*,
        case
            when not connected.both_sides then 'not_compared'
            when not is_in_crm and crm_required_since is not null then 'parted'
            when not is_in_map and map_required_since is not null then 'parted'
            when crm_meaning = 'unmapped' or map_meaning = 'unmapped' then 'parted'
            when not is_in_crm or not is_in_map then 'one_system'
            when crm_meaning is null or map_meaning is null then 'unknown'
            when sets_meet then 'agrees'
            else 'parted'
        end as verdict,
        case
            when not is_in_crm and crm_required_since is not null then 'missing'
            when not is_in_map and map_required_since is not null then 'missing'
            when crm_meaning = 'unmapped' or map_meaning = 'unmapped' then 'unmapped'
            else 'apart'
        end as parting
    from facing
    cross join connected

)

select * from judged
