{%- set dated = {
    'people': 'created',
    'opportunities': 'created',
    'activities': 'occurred',
    'field_changes': 'changed'
} -%}

with clock as (

    select * from {{ ref('int_clock') }}

),

records as (

    {%- for table, event in dated.items() %}
    select system, '{{ table }}' as kind, {{ event }}_at as happened_at, {{ event }}_on as happened_on
    from ({{ every_system(table) }}) as {{ table }}
    union all
    {%- endfor %}
    select system, 'stage_entries' as kind, claimed_at as happened_at, entered_date as happened_on
    from {{ ref('int_entries_ordered') }}
    where world = 'agreed' and not is_impossible

),

per_minute as ( -- there are few of them, and moving a moment to another zone is slow

    select system, kind, {{ dbt.date_trunc('minute', 'happened_at') }} as happened_at, happened_on, count(*) as volume
    from records
    where system is not null and happened_at is not null
    group by 1, 2, 3, 4

),

counted as (

    select
        per_minute.system,
        per_minute.kind,
        {{ calendar_date('per_minute.happened_at', 'per_minute.happened_on', 'clock.timezone') }} as day,
        sum(per_minute.volume) as volume
    from per_minute
    cross join clock
    group by 1, 2, 3

),

reached as (

    select system, object as kind, max(complete_through) as complete_through
    from ({{ every_system('extractions') }}) as extractions
    group by 1, 2
    union all
    select systems.system, 'stage_entries' as kind, clock.data_as_of as complete_through
    from {{ ref('stg_sources__systems') }} as systems
    cross join clock

)

select
    counted.system,
    counted.kind,
    counted.day,
    cast(counted.volume as {{ dbt.type_bigint() }}) as volume,
    cast({{ local_time('coalesce(reached.complete_through, clock.known_at)', 'clock.timezone') }} as date) as complete_until
from counted
cross join clock
left join reached on counted.system = reached.system and counted.kind = reached.kind
