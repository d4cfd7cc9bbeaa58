with counted as (

    select * from {{ ref('int_verdicts_counted') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

per_week as (

    select
        week,
        {% for verdict, name in [
            ('everyone', 'everyone'), ('agrees', 'agreeing'), ('mismatch', 'mismatched'), ('in_flight', 'in_flight'),
            ('one_system', 'one_system')
        ] -%}
        sum(case when verdict = '{{ verdict }}' then people else 0 end) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from counted
    group by week

),

of_all as (

    select
        week,
        'all' as cause,
        agreeing,
        mismatched,
        in_flight,
        everyone - agreeing - mismatched - in_flight - one_system as unknown,
        one_system,
        agreeing + mismatched as compared
    from per_week

),

of_causes as (

    select
        counted.week,
        counted.cause,
        cast(null as {{ dbt.type_bigint() }}) as agreeing,
        counted.people as mismatched,
        cast(null as {{ dbt.type_bigint() }}) as in_flight,
        cast(null as {{ dbt.type_bigint() }}) as unknown,
        cast(null as {{ dbt.type_bigint() }}) as one_system,
        per_week.agreeing + per_week.mismatched as compared
    from counted
    inner join per_week on counted.week = per_week.week
    where counted.verdict = 'mismatch'

),

scores as (

    select * from of_all
    union all
    select * from of_causes

)

select
    scores.week,
    cast({{ dbt.dateadd('day', 7, 'scores.week') }} as timestamp) <= clock.data_as_of_local as is_complete,
    scores.cause,
    cast(scores.agreeing as {{ dbt.type_bigint() }}) as agreeing,
    cast(scores.mismatched as {{ dbt.type_bigint() }}) as mismatched,
    cast(scores.in_flight as {{ dbt.type_bigint() }}) as in_flight,
    cast(scores.unknown as {{ dbt.type_bigint() }}) as unknown,
    cast(scores.one_system as {{ dbt.type_bigint() }}) as one_system,
    cast(scores.agreeing as double) / nullif(scores.compared, 0) as score,
    cast(scores.mismatched as double) / nullif(scores.compared, 0) as lost
from scores
cross join clock
