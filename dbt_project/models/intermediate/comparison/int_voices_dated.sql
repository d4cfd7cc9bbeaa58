with clock as (

    select * from {{ ref('int_clock') }}

),

people as (

    select person_id, is_in_crm and is_in_map as is_in_both
    from {{ ref('int_sides_faced') }}
    where
        verdict <> 'not_compared'
        and (verdict = 'parted' or (is_in_crm and is_in_map))

),

absences as (

    select * from {{ ref('int_absences_dated') }}

),

instants as (

    select distinct states.person_id, states.valid_from as instant
    from {{ ref('int_source_states') }} as states
    inner join people using (person_id)
    cross join clock
    where states.valid_from <= clock.data_as_of

    union

    select absences.person_id, absences.absent_from as instant
    from absences
    cross join clock
    where absences.absent_from <= clock.data_as_of

    union

    select absences.person_id, absences.absent_until as instant
    from absences
    cross join clock
    where absences.absent_until <= clock.data_as_of

),

voices as (

    select * from {{ sides_at('instants') }} as sides

),

faced as (

    select
        instants.person_id,
        instants.instant,
        crm.meaning as crm_meaning,
        map.meaning as map_meaning,
        {{ sets_meet('crm', 'map') }} as sets_meet,
        absences.side as absent_side
    from instants
    left join voices as crm on instants.person_id = crm.person_id and instants.instant = crm.instant and crm.side = 'crm'
    left join voices as map on instants.person_id = map.person_id and instants.instant = map.instant and map.side = 'map'
    left join absences
        on
            instants.person_id = absences.person_id
            and instants.instant >= absences.absent_from
            and instants.instant < absences.absent_until

)

select
    faced.person_id,
    faced.instant,
    min(faced.absent_side) as absent_side,
    case
        when min(faced.absent_side) is not null then 'missing'
        when min(faced.crm_meaning) = 'unmapped' or min(faced.map_meaning) = 'unmapped' then 'unmapped'
        when min(faced.crm_meaning) is not null and min(faced.map_meaning) is not null and not bool_or(faced.sets_meet)
            then 'apart'
    end as parting,
    case
        when min(faced.absent_side) is not null then 'parted'
        when min(faced.crm_meaning) = 'unmapped' or min(faced.map_meaning) = 'unmapped' then 'parted'
        when bool_or(faced.sets_meet) then 'agrees'
        when min(faced.crm_meaning) is not null and min(faced.map_meaning) is not null then 'parted'
        when bool_or(people.is_in_both) then 'unknown'
        else 'one_system'
    end as verdict
from faced
inner join people using (person_id)
group by faced.person_id, faced.instant
