with instants as (

    select people.person_id, clock.data_as_of as instant
    from {{ ref('int_people_described') }} as people
    cross join {{ ref('int_clock') }} as clock
    where not people.is_excluded and not people.is_deleted

)

select * from {{ sides_at('instants') }} as sides
