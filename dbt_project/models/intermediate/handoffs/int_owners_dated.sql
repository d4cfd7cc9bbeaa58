with records as (

    select
        records.person_id,
        records.system,
        records.object,
        records.record_id,
        records.owner_id,
        records.created_at,
        records.created_on,
        case when records.is_live then {{ end_of_time() }} else records.updated_at end as lived_until
    from {{ ref('int_people_matched') }} as records
    inner join {{ ref('stg_sources__systems') }} as systems using (system)
    where systems.role in ('crm', 'both')

),

dated as (

    select system, object, record_id, value as owner_id, valued_at, valued_on, basis
    from {{ ref('int_field_values_dated') }}
    where field = 'owner'

),

history_begins as (

    select system, object, min(valued_at) as history_from
    from dated
    where basis = 'observed'
    group by system, object

),

never_dated as (

    select
        records.system,
        records.object,
        records.record_id,
        records.owner_id,
        records.created_at as valued_at,
        records.created_on as valued_on,
        'inferred' as basis
    from records
    left join dated using (system, object, record_id)
    where records.owner_id is not null and dated.record_id is null

),

owned as (

    select
        values_of_owner.*,
        records.person_id,
        records.lived_until,
        lead(values_of_owner.valued_at) over (
            partition by values_of_owner.system, values_of_owner.object, values_of_owner.record_id
            order by
                values_of_owner.valued_at,
                case when values_of_owner.owner_id = records.owner_id then 1 else 0 end,
                values_of_owner.owner_id
        ) as next_at
    from (
        select * from dated
        union all
        select * from never_dated
    ) as values_of_owner
    inner join records using (system, object, record_id)
    where values_of_owner.valued_at is not null

),

spells as (

    select *, least(lived_until, coalesce(next_at, {{ end_of_time() }})) as owned_until
    from owned

)

select
    spells.person_id,
    spells.system,
    spells.object,
    spells.record_id,
    spells.owner_id,
    users.owner_team,
    coalesce(users.worker, spells.system || '/' || spells.owner_id) as worker,
    spells.owner_id is not null and coalesce(users.is_person, true) as is_a_person,
    spells.valued_at as owned_from,
    spells.valued_on as owned_on,
    spells.owned_until,
    case
        when spells.basis <> 'inferred' then spells.valued_at
        else greatest(spells.valued_at, coalesce(history_begins.history_from, {{ end_of_time() }}))
    end as known_from
from spells
left join {{ ref('int_users_identified') }} as users using (system, owner_id)
left join history_begins using (system, object)
where spells.owned_until > spells.valued_at
