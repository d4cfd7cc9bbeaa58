{# In every kind of segment its values together give what segment all does: nobody is in two of them or in none. #}
{% test segments_add_up(model, figure, counts) %}
with per_kind as (

    select
        {{ figure | join(', ') }},
        segment,
        {% for count in counts -%}
        sum({{ count }}) as {{ count }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ model }}
    group by {{ figure | join(', ') }}, segment

)

select segments.*
from per_kind as segments
left join per_kind as everybody
    on
        everybody.segment = 'all'
        {% for column in figure -%}
        and segments.{{ column }} is not distinct from everybody.{{ column }}
        {% endfor %}
where
    {% for count in counts -%}
    segments.{{ count }} is distinct from everybody.{{ count }}{{ ' or' if not loop.last }}
    {% endfor %}
{% endtest %}
