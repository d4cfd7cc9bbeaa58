with systems_read as (

    select distinct systems.system, stage_sources.kind
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join {{ ref('stg_sources__systems') }} as systems using (system)

),

complete_per_table as (

    select extractions.system, extractions.object, max(extractions.complete_through) as complete_through
    from ({{ every_system('extractions') }}) as extractions
    inner join systems_read using (system)
    where
        extractions.object = 'people'
        or (systems_read.kind in ('field', 'rule') and extractions.object in ('field_values', 'field_changes'))
        or (systems_read.kind = 'rule' and extractions.object = 'activities')
        or (
            systems_read.kind = 'opportunity'
            and extractions.object in ('opportunities', 'opportunity_changes', 'opportunity_people')
        )
    group by extractions.system, extractions.object

),

loads as (

    select max(loaded_at) as known_at
    from ({{ every_system('extractions') }}) as extractions

),

clock as (

    select
        loads.known_at,
        coalesce((select min(complete_through) from complete_per_table), loads.known_at) as data_as_of
    from loads

)

select
    clock.known_at,
    clock.data_as_of,
    versions.version as agreement_version,
    versions.timezone,
    versions.currency,
    versions.undo_within_seconds,
    versions.idle_ends_seconds,
    {{ local_time('clock.data_as_of', 'versions.timezone') }} as data_as_of_local,
    {{ month_of(local_time('clock.data_as_of', 'versions.timezone')) }} as open_month
from clock
inner join {{ ref('stg_agreement__versions') }} as versions
    on
        coalesce(clock.data_as_of, cast('1900-01-01' as timestamp)) >= versions.in_force_from
        and coalesce(clock.data_as_of, cast('1900-01-01' as timestamp)) < versions.in_force_until
