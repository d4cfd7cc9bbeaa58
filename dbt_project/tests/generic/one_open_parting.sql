{# Whoever is parted has one open parting, and nobody else has one. #}
{% test one_open_parting(model, partings) %}
with open_partings as (

    select person_id, count(*) as parting_count
    from {{ partings }}
    where met_at is null
    group by person_id

)

select faced.person_id
from {{ model }} as faced
left join open_partings using (person_id)
where (faced.verdict = 'parted') <> (coalesce(open_partings.parting_count, 0) = 1)
{% endtest %}
