{# The last score counts everyone who is in it then under the comparison that `people` shows of them, and its causes add up. #}
{% test last_score_of_people(model, people, scored, clock) %}
with counted as (

    select
        coalesce(sum(case people.comparison when 'agrees' then 1 else 0 end), 0) as agreeing,
        coalesce(sum(case people.comparison when 'mismatch' then 1 else 0 end), 0) as mismatched,
        coalesce(sum(case people.comparison when 'in_flight' then 1 else 0 end), 0) as in_flight,
        coalesce(sum(case people.comparison when 'unknown' then 1 else 0 end), 0) as unknown,
        coalesce(sum(case people.comparison when 'one_system' then 1 else 0 end), 0) as one_system
    from {{ people }} as people
    inner join {{ scored }} as scored using (person_id)
    inner join {{ clock }} as clock on scored.valid_from <= clock.data_as_of and clock.data_as_of < scored.valid_until

),

last_score as (

    select
        sum(agreeing) as agreeing,
        sum(case when cause = 'all' then mismatched end) as mismatched,
        sum(case when cause <> 'all' then mismatched else 0 end) as mismatched_by_cause,
        sum(in_flight) as in_flight,
        sum(unknown) as unknown,
        sum(one_system) as one_system
    from {{ model }}
    where week = (select max(week) from {{ model }})

)

select last_score.*
from last_score
cross join counted
where
    last_score.agreeing <> counted.agreeing
    or last_score.mismatched <> counted.mismatched
    or last_score.mismatched_by_cause <> counted.mismatched
    or last_score.in_flight <> counted.in_flight
    or last_score.unknown <> counted.unknown
    or last_score.one_system <> counted.one_system
{% endtest %}
