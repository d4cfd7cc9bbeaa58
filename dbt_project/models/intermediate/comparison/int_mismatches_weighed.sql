{% set worlds = ['crm_least', 'crm_greatest', 'map_least', 'map_greatest'] %}

with mismatches as (

    select person_id from {{ ref('int_people_compared') }}
    where verdict = 'mismatch'

),

touched_months as (

    select
        faced.unit_id as person_id,
        min(faced.month) as earliest_month
    from {{ ref('int_metrics_faced') }} as faced
    where
        {% for world in worlds -%}
        faced.{{ world }} <> faced.agreed{{ ' or' if not loop.last }}
        {% endfor %}
    group by faced.unit_id

),

verdicts_faced as (

    select
        hand_overs.person_id,
        hand_overs.cycle,
        hand_overs.handoff,
        hand_overs.status,
        {% for world in ['agreed'] + worlds -%}
        max(case when hand_overs.world = '{{ world }}' then 1 else 0 end) as {{ world }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_handoffs_judged') }} as hand_overs
    inner join mismatches using (person_id)
    group by hand_overs.person_id, hand_overs.cycle, hand_overs.handoff, hand_overs.status

),

touched_verdicts as (

    select distinct person_id
    from verdicts_faced
    where
        {% for world in worlds -%}
        {{ world }} <> agreed{{ ' or' if not loop.last }}
        {% endfor %}

)

select
    mismatches.person_id,
    case
        when touched_months.earliest_month < clock.open_month or touched_verdicts.person_id is not null then 'high'
        when touched_months.person_id is not null then 'medium'
        else 'low'
    end as severity
from mismatches
cross join {{ ref('int_clock') }} as clock
left join touched_months using (person_id)
left join touched_verdicts using (person_id)
