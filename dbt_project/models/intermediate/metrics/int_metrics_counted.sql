{% set worlds = ['crm_least', 'crm_greatest', 'map_least', 'map_greatest'] %}

with faced as (

    select * from {{ ref('int_metrics_faced') }}

)

select
    faced.table_name,
    faced.unit,
    faced.month,
    faced.basis,
    segments.segment,
    segments.segment_value,
    faced.subject,
    faced.measure,
    cast(sum(faced.agreed) as {{ dbt.type_bigint() }}) as agreed,
    {% for world in worlds -%}
    cast(sum(case when faced.is_disputed then faced.{{ world }} else faced.agreed end) as {{ dbt.type_bigint() }}) as {{ world }},
    {% endfor -%}
    count(distinct case
        when
            faced.is_disputed
            and (
                {% for world in worlds -%}
                faced.{{ world }} <> faced.agreed{{ ' or' if not loop.last }}
                {% endfor -%}
            )
            then faced.unit_id
    end) as people_disputed
from faced
inner join {{ ref('int_units_segmented') }} as segments using (unit, unit_id)
group by
    faced.table_name,
    faced.unit,
    faced.month,
    faced.basis,
    segments.segment,
    segments.segment_value,
    faced.subject,
    faced.measure
