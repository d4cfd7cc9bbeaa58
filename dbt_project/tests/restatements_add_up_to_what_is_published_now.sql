{# What was first published and all restatements since give, exactly, what stands in the reports and in the opportunities now. #}

with published as (

    select * from {{ ref('int_builds_published') }}

),

first_builds as (

    select months.table_name, months.month, min(published.build) as build
    from (select distinct table_name, month from {{ ref('int_shares_published') }}) as months
    inner join published on months.table_name = published.table_name and months.month < published.open_month
    group by months.table_name, months.month

),

first_published as (

    select {{ figure_key('shares') }}, sum(shares.change) as value
    from {{ ref('int_shares_published') }} as shares
    inner join published on shares.table_name = published.table_name and shares.build_id = published.build_id
    inner join first_builds
        on shares.table_name = first_builds.table_name and shares.month = first_builds.month and published.build <= first_builds.build
    group by {{ figure_key('shares') }}

),

restated as (

    select {{ figure_key() }}, sum(change) as value
    from {{ ref('restatements') }}
    group by {{ figure_key() }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

won as (

    select
        {{ month_of(calendar_date('ended_at', 'ended_on', 'clock.timezone')) }} as month,
        amount_in_agreed_currency,
        amount,
        opportunities.currency,
        clock.currency as agreed_currency
    from {{ ref('int_opportunities_staged') }} as opportunities
    cross join clock
    where has_been_won

),

now as (

    {% for table, subject, measure in [
        ('funnel_by_month', 'stage', 'reached'),
        ('funnel_by_month', 'stage', 'observed'),
        ('conversion_rates', "from_stage || '-' || to_stage", 'entered'),
        ('conversion_rates', "from_stage || '-' || to_stage", 'converted'),
    ] -%}
    select
        '{{ table }}' as table_name,
        unit,
        basis,
        month,
        {{ subject }} as subject,
        '{{ measure }}' as measure,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast({{ measure }} as decimal(18, 2)) as value
    from {{ ref(table) }}
    where segment = 'all'
    union all
    {% endfor -%}
    {% for measure, currency in [('amount_in_agreed_currency', 'agreed_currency'), ('amount', 'currency')] -%}
    select
        'opportunities' as table_name,
        'opportunity' as unit,
        'period' as basis,
        month,
        'won' as subject,
        '{{ measure }}' as measure,
        {{ currency }} as currency,
        sum(cast({{ measure }} as decimal(18, 2))) as value
    from won
    group by month, {{ currency }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

carried_over as (

    select report_tables.table_name
    from {{ ref('stg_agreement__report_tables') }} as report_tables
    inner join clock on report_tables.version = clock.agreement_version
    left join {{ ref('int_reports_judged') }} as judged using (report)
    where coalesce(judged.is_held, true)

),

terms as (

    select {{ figure_key() }}, value, 0 as value_now from first_published
    union all
    select {{ figure_key() }}, value, 0 as value_now from restated
    union all
    select {{ figure_key('now') }}, 0 as value, now.value as value_now
    from now
    inner join first_builds using (table_name, month)

)

select {{ figure_key() }}, sum(value) as value_told, sum(value_now) as value_now
from terms
where
    table_name in ('funnel_by_month', 'conversion_rates', 'opportunities')
    and table_name not in (select carried_over.table_name from carried_over)
group by {{ figure_key() }}
having sum(value) <> sum(value_now)
