with touched_months as (

    select
        faced.unit_id as person_id,
        min(faced.month) as earliest_month
    from {{ ref('int_metrics_faced') }} as faced
    where
        {% for world in ['crm_least', 'crm_greatest', 'map_least', 'map_greatest'] -%}
        faced.{{ world }} <> faced.agreed{{ ' or' if not loop.last }}
        {% endfor %}
    group by faced.unit_id

)

select
    compared.person_id,
    case
        when touched_months.earliest_month < clock.open_month then 'high'
        when touched_months.person_id is not null then 'medium'
        else 'low'
    end as severity
from {{ ref('int_people_compared') }} as compared
cross join {{ ref('int_clock') }} as clock
left join touched_months using (person_id)
where compared.verdict = 'mismatch'
