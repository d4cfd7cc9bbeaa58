{% set readings = ['crm_least', 'crm_greatest', 'map_least', 'map_greatest'] %}
{% set segments = ['lead_source', 'owner_team', 'persona'] %}
{% set figure = 'unit, table_name, basis, month, subject' %}

with units as (

    select * from {{ ref('int_units_segmented') }}

),

agreed as (

    select
        {{ figure }},
        {{ segments | join(', ') }},
        sum(shares.whole) as whole,
        coalesce(sum(shares.part), 0) as part
    from {{ ref('int_shares_unioned') }} as shares
    inner join units using (unit, unit_id)
    where shares.world = 'agreed'
    group by {{ figure }}, {{ segments | join(', ') }}

),

disputed as (

    select faced.*, units.lead_source, units.owner_team, units.persona
    from {{ ref('int_metrics_faced') }} as faced
    inner join units using (unit, unit_id)

),

counted as (

    {% for count in ['whole', 'part'] -%}
    select
        {{ figure }},
        {{ segments | join(', ') }},
        {{ measure_of('table_name', count) }} as measure,
        {{ count }} as agreed,
        {% for reading in readings -%}
        0 as {{ reading }}_more,
        {% endfor -%}
        cast(null as {{ dbt.type_string() }}) as disputed_unit_id
    from agreed
    union all
    {% endfor -%}
    select
        {{ figure }},
        {{ segments | join(', ') }},
        measure,
        0 as agreed,
        {% for reading in readings -%}
        {{ reading }} - agreed as {{ reading }}_more,
        {% endfor -%}
        case
            when
                {% for reading in readings -%}
                {{ reading }} <> agreed{{ ' or' if not loop.last }}
                {% endfor -%}
                then unit_id
        end as disputed_unit_id
    from disputed

),

counted_per_segment as (

    select *, 'all' as segment, cast(null as {{ dbt.type_string() }}) as segment_value from counted
    {%- for segment in segments %}
    union all
    select *, '{{ segment }}' as segment, {{ segment }} as segment_value from counted
    {%- endfor %}

)

select
    {{ figure }},
    segment,
    segment_value,
    measure,
    cast(sum(agreed) as {{ dbt.type_bigint() }}) as agreed,
    {% for reading in readings -%}
    cast(sum(agreed + {{ reading }}_more) as {{ dbt.type_bigint() }}) as {{ reading }},
    {% endfor -%}
    count(distinct disputed_unit_id) as people_disputed
from counted_per_segment
group by {{ figure }}, segment, segment_value, measure
