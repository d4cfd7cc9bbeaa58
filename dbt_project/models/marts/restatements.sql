with builds as (

    select build, build_id, known_at from {{ ref('int_builds_numbered') }}

),

figures as (

    select figures.*, builds.build_id, builds.known_at as restated_at
    from {{ ref('int_figures_published') }} as figures
    inner join builds using (build)
    where figures.is_restated

),

figures_per_load as (

    select
        {{ figure_key() }},
        restated_at,
        min_by(value - change, build) as value_before,
        max_by(value, build) as value_after,
        min(first_published_at) as first_published_at,
        min(published_at) as published_at
    from figures
    group by {{ figure_key() }}, restated_at

),

changes as (

    select {{ figure_key('caused') }}, caused.unit_id, caused.cause, caused.change, figures.restated_at
    from {{ ref('int_restatements_caused') }} as caused
    inner join figures on {{ same_figure('caused', 'figures') }} and caused.build_id = figures.build_id

),

changes_per_cause as (

    select {{ figure_key() }}, restated_at, cause, sum(change) as change, count(distinct unit_id) as people
    from changes
    group by {{ figure_key() }}, restated_at, cause

),

reports as (

    select report_tables.table_name, min(report_tables.report) as report
    from {{ ref('stg_agreement__report_tables') }} as report_tables
    inner join {{ ref('int_clock') }} as clock on report_tables.version = clock.agreement_version
    group by report_tables.table_name

)

select
    changes.restated_at,
    figures.published_at,
    figures.first_published_at,
    reports.report,
    changes.table_name,
    changes.table_name || '/' || changes.basis || '/' || changes.subject || '/' || changes.measure as metric,
    changes.unit,
    changes.month,
    changes.basis,
    'all' as segment,
    cast(null as {{ dbt.type_string() }}) as segment_value,
    changes.subject,
    changes.measure,
    changes.currency,
    changes.cause,
    cast(figures.value_before as decimal(18, 2)) as value_before,
    cast(figures.value_after as decimal(18, 2)) as value_after,
    cast(changes.change as decimal(18, 2)) as change,
    cast(changes.people as {{ dbt.type_bigint() }}) as people
from changes_per_cause as changes
inner join figures_per_load as figures on {{ same_figure('changes', 'figures') }} and changes.restated_at = figures.restated_at
left join reports on changes.table_name = reports.table_name
