with open_partings as (

    select person_id, count(*) as parting_count
    from {{ ref('int_partings_dated') }}
    where met_at is null
    group by person_id

)

select faced.person_id
from {{ ref('int_sides_faced') }} as faced
left join open_partings using (person_id)
where (faced.verdict = 'parted') <> (coalesce(open_partings.parting_count, 0) = 1)
