with clock as (

    select * from {{ ref('int_clock') }}

),

people as (

    select * from {{ ref('int_people_scored') }}

),

comparisons as (

    select * from {{ ref('int_comparisons_dated') }}

),

ever_in_both as (

    select distinct person_id from comparisons

),

everyone as (

    select 'everyone' as verdict, cast(null as {{ dbt.type_string() }}) as cause, valid_from, valid_until
    from people

),

in_one_system as (

    select 'one_system' as verdict, cast(null as {{ dbt.type_string() }}) as cause, people.valid_from, people.valid_until
    from people
    left join ever_in_both on people.person_id = ever_in_both.person_id
    where ever_in_both.person_id is null

),

with_a_verdict as (

    select
        comparisons.verdict,
        causes.cause,
        greatest(people.valid_from, comparisons.valid_from) as valid_from,
        least(people.valid_until, comparisons.valid_until) as valid_until
    from people
    inner join comparisons
        on
            people.person_id = comparisons.person_id
            and people.valid_from < comparisons.valid_until
            and comparisons.valid_from < people.valid_until
    left join {{ ref('int_causes_found') }} as causes
        on
            comparisons.person_id = causes.person_id
            and comparisons.parted_at = causes.parted_at
            and comparisons.verdict = 'mismatch'
    where comparisons.verdict <> 'unknown'

),

spans as (

    select * from everyone
    union all
    select * from in_one_system
    union all
    select * from with_a_verdict

),

arrivals_and_leavings as (

    select spans.verdict, spans.cause, {{ week_up_to(local_time('spans.valid_from', 'clock.timezone')) }} as week, 1 as more
    from spans
    inner join clock on spans.valid_from <= clock.data_as_of

    union all

    select spans.verdict, spans.cause, {{ week_up_to(local_time('spans.valid_until', 'clock.timezone')) }} as week, -1 as more
    from spans
    inner join clock on spans.valid_until <= clock.data_as_of

),

changes as (

    select verdict, cause, week, sum(more) as more
    from arrivals_and_leavings
    group by verdict, cause, week

),

weeks as (

    select {{ weeks_between('period.first_week', 'period.last_week') }} as week
    from (
        select min(changes.week) as first_week, {{ week_up_to('clock.data_as_of_local') }} as last_week
        from changes
        cross join clock
        group by clock.data_as_of_local
    ) as period

),

kinds as (

    select distinct verdict, cause from changes

),

running as (

    select
        weeks.week,
        kinds.verdict,
        kinds.cause,
        sum(coalesce(changes.more, 0)) over (partition by kinds.verdict, kinds.cause order by weeks.week) as people
    from weeks
    cross join kinds
    left join changes
        on
            weeks.week = changes.week
            and kinds.verdict = changes.verdict
            and kinds.cause is not distinct from changes.cause

)

select week, verdict, cause, cast(people as {{ dbt.type_bigint() }}) as people
from running
