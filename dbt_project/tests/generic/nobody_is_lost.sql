{# Whoever entered a stage has left it or is still there: per stage, month and cycle of the entry. Who is still there is what `people` and
   `opportunities` say of them, not the history again; where a cycle ended by itself, the stage was left. An opportunity with an impossible
   entry shows it all the same, and opportunities have no month of entry. #}
{% test nobody_is_lost(model, people, opportunities) %}

with moves as (

    select
        unit,
        case unit when 'person' then person_id else opportunity_id end as unit_id,
        stage,
        case unit when 'person' then cycle end as cycle,
        case unit when 'person' then {{ month_of('entered_at') }} end as month,
        left_at
    from {{ model }}
    where transition <> 'impossible'

),

idle_now as (

    select unit, unit_id from moves
    where stage = 'idle' and left_at is null

),

shown_as_impossible as (

    select distinct opportunity_id from {{ model }}
    where unit = 'opportunity' and transition = 'impossible'

),

counted as (

    select unit, stage, cycle, month, 1 as entered, case when left_at is not null then 1 else 0 end as has_left, 0 as is_there
    from moves
    where stage <> 'idle' and not (unit = 'opportunity' and unit_id in (select opportunity_id from shown_as_impossible))

    union all

    select 'person' as unit, stage, cycle, {{ month_of('stage_entered_at') }} as month, 0 as entered, 0 as has_left, 1 as is_there
    from {{ people }}
    where stage is not null and person_id not in (select unit_id from idle_now where unit = 'person')

    union all

    select 'opportunity' as unit, stage, null as cycle, null as month, 0 as entered, 0 as has_left, 1 as is_there
    from {{ opportunities }}
    where
        stage is not null
        and opportunity_id not in (select unit_id from idle_now where unit = 'opportunity')
        and opportunity_id not in (select opportunity_id from shown_as_impossible)

)

select unit, stage, cycle, month, sum(entered) as entered, sum(has_left) as has_left, sum(is_there) as is_there
from counted
group by unit, stage, cycle, month
having sum(entered) <> sum(has_left) + sum(is_there)

{% endtest %}
