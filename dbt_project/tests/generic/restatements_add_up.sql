{# What was first published of a month that was over, with all restatements since, is exactly what this table says of it now. `measures` are
   columns with the currency they are in, none for counts; of a table that a held report carries over nothing is compared. #}
{% test restatements_add_up(model, table_name, subject, measures, unit='unit', basis='basis', month='month', among="segment = 'all'") %}

with published as (

    select build_id, build, open_month
    from {{ ref('int_builds_published') }}
    where table_name = '{{ table_name }}'

),

shares as (

    select shares.*, published.build
    from {{ ref('int_shares_published') }} as shares
    inner join published using (build_id)
    where shares.table_name = '{{ table_name }}'

),

last_month as (

    select max(open_month) as first_open_month from published

),

first_builds as (

    select months.month, min(published.build) as build
    from (select distinct month from shares) as months
    inner join published on months.month < published.open_month
    group by months.month

),

carried_over as (

    select report_tables.table_name
    from {{ ref('stg_agreement__report_tables') }} as report_tables
    inner join {{ ref('int_clock') }} as clock on report_tables.version = clock.agreement_version
    left join {{ ref('int_reports_judged') }} as judged using (report)
    where report_tables.table_name = '{{ table_name }}' and coalesce(judged.is_held, true)

),

told as (

    select shares.unit, shares.basis, shares.month, shares.subject, shares.measure, shares.currency, shares.change as value
    from shares
    inner join first_builds on shares.month = first_builds.month and shares.build <= first_builds.build
    union all
    select unit, basis, month, subject, measure, currency, change as value
    from {{ ref('restatements') }}
    where table_name = '{{ table_name }}'

),

standing as (

    {% for measure, currency in measures.items() -%}
    select
        {{ unit }} as unit,
        {{ basis }} as basis,
        {{ month_of(month) }} as month,
        {{ subject }} as subject,
        '{{ measure }}' as measure,
        cast({{ currency or 'null' }} as {{ dbt.type_string() }}) as currency,
        cast({{ measure }} as decimal(18, 2)) as value
    from {{ model }}
    cross join (select currency as agreed_currency from {{ ref('int_clock') }}) as clock
    where {{ among }} and {{ month }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

compared as (

    select *, 0 as standing from told
    union all
    select unit, basis, month, subject, measure, currency, 0 as value, value as standing from standing

)

select
    compared.unit,
    compared.basis,
    compared.month,
    compared.subject,
    compared.measure,
    compared.currency,
    sum(compared.value) as told,
    sum(compared.standing) as standing
from compared
inner join last_month on compared.month < last_month.first_open_month
where not exists (select 1 from carried_over)
group by compared.unit, compared.basis, compared.month, compared.subject, compared.measure, compared.currency
having sum(compared.value) <> sum(compared.standing)

{% endtest %}
