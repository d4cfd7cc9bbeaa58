with restated as (

    select distinct unit, unit_id, published_build, published_known_at, published_as_of
    from {{ ref('int_shares_restated') }}

),

builds as (

    select build, build_id from {{ ref('int_builds_numbered') }}

),

stated as (

    select * from {{ ref('int_records_stated') }}

),

people_today as (

    select previous_person_id, person_id from {{ ref('int_person_ids_replaced') }}

),

roles as (

    select system, opportunity_id, max(loaded_at) as loaded_at
    from ({{ every_system('opportunity_people') }}) as every_role
    group by system, opportunity_id

),

remembered as (

    select
        memory.kind,
        memory.system,
        memory.record_id,
        memory.person_id,
        memory.state,
        builds.build,
        coalesce(people_today.person_id, memory.person_id) as person_today
    from {{ ref('int_records_remembered') }} as memory
    inner join builds using (build_id)
    left join people_today on memory.person_id = people_today.previous_person_id

),

concerned as (

    select restated.*, stated.kind, stated.system, stated.record_id
    from restated
    inner join stated on stated.kind = 'record' and restated.unit = 'person' and restated.unit_id = stated.person_id

    union

    select restated.*, remembered.kind, remembered.system, remembered.record_id
    from restated
    inner join remembered
        on
            remembered.kind = 'record'
            and restated.unit = 'person'
            and restated.unit_id = remembered.person_today
            and restated.published_build >= remembered.build

    union

    select restated.*, 'opportunity' as kind, links.system, links.opportunity_id as record_id
    from restated
    inner join {{ ref('int_opportunity_people_matched') }} as links
        on restated.unit = 'person' and restated.unit_id = links.person_id

    union

    select restated.*, 'opportunity' as kind, opportunities.system, opportunities.opportunity_id as record_id
    from restated
    inner join {{ ref('int_opportunities_unioned') }} as opportunities
        on
            restated.unit = 'opportunity'
            and restated.unit_id = {{ hashed(['opportunities.system', 'opportunities.opportunity_id']) }}

),

as_published as (

    select
        concerned.published_build,
        remembered.kind,
        remembered.system,
        remembered.record_id,
        max_by(remembered.state, remembered.build) as state,
        max_by(remembered.person_id, remembered.build) as person_id
    from (select distinct published_build, kind, system, record_id from concerned) as concerned
    inner join remembered
        on
            concerned.kind = remembered.kind
            and concerned.system = remembered.system
            and concerned.record_id = remembered.record_id
            and concerned.published_build >= remembered.build
    group by concerned.published_build, remembered.kind, remembered.system, remembered.record_id

)

select
    concerned.unit,
    concerned.unit_id,
    concerned.published_build,
    concerned.kind,
    concerned.system,
    concerned.record_id,
    as_published.state as state_published,
    as_published.person_id as person_id_published,
    stated.state,
    stated.person_id,
    coalesce(
        greatest(stated.loaded_at, coalesce(roles.loaded_at, stated.loaded_at)) > concerned.published_known_at, true
    ) as was_loaded_since,
    case
        when as_published.state is null then stated.created_at
        else coalesce(stated.updated_at, {{ end_of_time() }})
    end > concerned.published_as_of as was_edited_since
from concerned
left join as_published
    on
        concerned.published_build = as_published.published_build
        and concerned.kind = as_published.kind
        and concerned.system = as_published.system
        and concerned.record_id = as_published.record_id
left join stated
    on
        concerned.kind = stated.kind
        and concerned.system = stated.system
        and concerned.record_id = stated.record_id
left join roles
    on concerned.kind = 'opportunity' and concerned.system = roles.system and concerned.record_id = roles.opportunity_id
