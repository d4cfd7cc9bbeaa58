with builds as (

    select max_by(build_id, build) as build_id, max_by(agreement_hash, build) as agreement_hash
    from {{ ref('int_builds_numbered') }}

),

last_publications as (

    select
        table_name,
        max(build) as published_build,
        max_by(known_at, build) as published_known_at,
        max_by(data_as_of, build) as published_as_of,
        max_by(agreement_hash, build) as published_agreement_hash,
        max(open_month) as first_open_month
    from {{ ref('int_builds_published') }}
    group by table_name

),

stages as (

    select stages.stage
    from {{ ref('stg_agreement__stages') }} as stages
    inner join {{ ref('int_clock') }} as clock on stages.version = clock.agreement_version
    where stages.kind = 'stage'

),

measures as (

    {% for table_name in ['funnel_by_month', 'conversion_rates'] -%}
    {% for count in ['whole', 'part'] -%}
    select '{{ table_name }}' as table_name, {{ measure_of("'" ~ table_name ~ "'", count) }} as measure
    {{ 'union all' if not (loop.last and table_name == 'conversion_rates') }}
    {% endfor -%}
    {% endfor %}
),

stages_counted as (

    select
        measures.table_name,
        stages.stage as subject,
        measures.measure,
        cast(null as {{ dbt.type_string() }}) as from_stage,
        stages.stage
    from stages
    inner join measures on measures.table_name = 'funnel_by_month'

    union all

    select
        measures.table_name,
        from_stages.stage || '-' || to_stages.stage as subject,
        measures.measure,
        from_stages.stage as from_stage,
        case measures.measure when 'entered' then from_stages.stage else to_stages.stage end as stage
    from stages as from_stages
    cross join stages as to_stages
    inner join measures on measures.table_name = 'conversion_rates'

)

select
    {{ figure_key('shares') }},
    shares.unit_id,
    shares.change,
    stages_counted.from_stage,
    case
        when stages_counted.stage is not null then stages_counted.stage
        when shares.table_name in ('conversion_rates', 'opportunities') then 'closed'
    end as stage,
    last_publications.published_build,
    last_publications.published_known_at,
    last_publications.published_as_of,
    last_publications.published_agreement_hash <> builds.agreement_hash as agreement_has_changed
from {{ ref('int_shares_published') }} as shares
inner join builds using (build_id)
inner join last_publications
    on shares.table_name = last_publications.table_name and shares.month < last_publications.first_open_month
left join stages_counted
    on
        shares.table_name = stages_counted.table_name
        and shares.subject = stages_counted.subject
        and shares.measure = stages_counted.measure
