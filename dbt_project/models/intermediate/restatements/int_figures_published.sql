with builds as (

    select * from {{ ref('int_builds_numbered') }}

),

this_build as (

    select max(build) as build from builds

),

published as (

    select table_name, build, published_at, open_month
    from {{ ref('int_builds_published') }}

),

held_tables as (

    select distinct report_tables.table_name
    from {{ ref('stg_agreement__report_tables') }} as report_tables
    inner join {{ ref('int_clock') }} as clock on report_tables.version = clock.agreement_version
    left join {{ ref('int_reports_judged') }} as judged using (report)
    where coalesce(judged.is_held, true)

),

changes as (

    select {{ figure_key('shares') }}, builds.build, sum(shares.change) as change
    from {{ ref('int_shares_published') }} as shares
    inner join builds using (build_id)
    where shares.month is not null
    group by {{ figure_key('shares') }}, builds.build

),

changes_in_sight as (

    select changes.*
    from changes
    cross join this_build
    left join published on changes.table_name = published.table_name and changes.build = published.build
    where
        published.build is not null
        or (
            changes.build = this_build.build
            and changes.table_name not in (select held_tables.table_name from held_tables)
        )

),

valued as (

    select
        *,
        sum(change) over (
            partition by {{ figure_key() }} order by build rows between unbounded preceding and current row
        ) as value
    from changes_in_sight

),

first_publications as (

    select
        valued.table_name,
        valued.month,
        min(published.build) as first_build,
        min_by(published.published_at, published.build) as first_published_at
    from (select distinct table_name, month from valued) as valued
    inner join published on valued.table_name = published.table_name and valued.month < published.open_month
    group by valued.table_name, valued.month

),

publications_before as (

    select
        builds.build,
        published.table_name,
        max_by(published.published_at, published.build) as published_at
    from builds
    inner join published on builds.build > published.build
    group by builds.build, published.table_name

)

select
    {{ figure_key('valued') }},
    valued.build,
    cast(valued.change as decimal(18, 2)) as change,
    cast(valued.value as decimal(18, 2)) as value,
    first_publications.first_published_at,
    publications_before.published_at,
    coalesce(valued.build > first_publications.first_build, false) as is_restated
from valued
left join first_publications using (table_name, month)
left join publications_before on valued.build = publications_before.build and valued.table_name = publications_before.table_name
