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
        comparisons.person_id,
        comparisons.parted_at,
        comparisons.verdict,
        greatest(people.valid_from, comparisons.valid_from) as valid_from,
        least(people.valid_until, comparisons.valid_until) as valid_until
    from people
    inner join comparisons
        on
            people.person_id = comparisons.person_id
            and people.valid_from < comparisons.valid_until
            and comparisons.valid_from < people.valid_until
    where comparisons.verdict <> 'unknown'

),

mismatched as (

    select with_a_verdict.verdict, causes.cause, with_a_verdict.valid_from, with_a_verdict.valid_until
    from with_a_verdict
    inner join {{ ref('int_causes_found') }} as causes
        on with_a_verdict.person_id = causes.person_id and with_a_verdict.parted_at = causes.parted_at
    where with_a_verdict.verdict = 'mismatch'

),

spans as (

    select * from everyone
    union all
    select * from in_one_system
    union all
    select * from mismatched
    union all
    select verdict, cast(null as {{ dbt.type_string() }}) as cause, valid_from, valid_until from with_a_verdict
    where verdict <> 'mismatch'

),

arrivals_and_leavings as (

    select spans.verdict, spans.cause, spans.valid_from as moment, 1 as more
    from spans
    inner join clock on spans.valid_from <= clock.data_as_of

    union all

    select spans.verdict, spans.cause, spans.valid_until as moment, -1 as more
    from spans
    inner join clock on spans.valid_until <= clock.data_as_of

),

first_dated as (

    select min(moment) as moment from arrivals_and_leavings
    where moment > cast('1900-01-01' as timestamp)

),

calendar_weeks as (

    select {{ weeks_between('period.first_week', 'period.last_week') }} as week
    from (
        select
            {{ week_up_to(dbt.dateadd('day', -7, 'first_dated.moment')) }} as first_week,
            {{ week_up_to(dbt.dateadd('day', 7, 'clock.data_as_of')) }} as last_week
        from first_dated
        cross join clock
        where first_dated.moment is not null
    ) as period

),

calendar as (

    select
        calendar_weeks.week,
        {{ utc_time('cast(calendar_weeks.week as timestamp)', 'clock.timezone') }} as began_at,
        {{ utc_time('cast(' ~ dbt.dateadd('day', 7, 'calendar_weeks.week') ~ ' as timestamp)', 'clock.timezone') }} as ends_at
    from calendar_weeks
    cross join clock

),

moments as (

    select
        arrivals_and_leavings.verdict,
        arrivals_and_leavings.cause,
        arrivals_and_leavings.more,
        greatest(arrivals_and_leavings.moment, first_dated.moment) as moment
    from arrivals_and_leavings
    cross join first_dated

),

in_weeks as (

    select
        moments.verdict,
        moments.cause,
        moments.more,
        case
            when moments.moment > calendar.ends_at then {{ dbt.dateadd('day', 7, 'calendar.week') }}
            when moments.moment <= calendar.began_at then {{ dbt.dateadd('day', -7, 'calendar.week') }}
            else calendar.week
        end as week
    from moments
    inner join calendar on {{ week_up_to('moments.moment') }} = calendar.week

),

changes as (

    select verdict, cause, cast(week as date) as week, sum(more) as more
    from in_weeks
    group by verdict, cause, week

),

weeks as (

    select calendar.week
    from calendar
    inner join clock on calendar.week <= {{ week_up_to('clock.data_as_of_local') }}
    where calendar.week >= (select min(week) from changes)

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
