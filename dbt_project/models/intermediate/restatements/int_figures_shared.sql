{{ config(materialized='view') }}

with units as (

    select unit, unit_id from {{ ref('int_units_segmented') }}

),

counts as (

    select shares.*
    from {{ ref('int_shares_unioned') }} as shares
    inner join units using (unit, unit_id)
    where
        shares.world = 'agreed'
        and shares.table_name in ('funnel_by_month', 'conversion_rates')

),

clock as (

    select * from {{ ref('int_clock') }}

),

won as (

    select
        opportunities.unit_id,
        {{ month_of('opportunities.ended_on') }} as month,
        opportunities.amount,
        opportunities.currency,
        opportunities.amount_in_agreed_currency,
        clock.currency as agreed_currency
    from {{ ref('int_opportunities_staged') }} as opportunities
    cross join clock
    where opportunities.has_been_won

)

{% for count in ['whole', 'part'] -%}
select
    table_name,
    unit,
    unit_id,
    basis,
    month,
    subject,
    {{ measure_of('table_name', count) }} as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast({{ count }} as decimal(18, 2)) as share
from counts
where {{ count }} <> 0
union all
{% endfor -%}
{% for measure, currency in [('amount_in_agreed_currency', 'agreed_currency'), ('amount', 'currency')] -%}
select
    'opportunities' as table_name,
    'opportunity' as unit,
    unit_id,
    'period' as basis,
    month,
    'won' as subject,
    '{{ measure }}' as measure,
    {{ currency }} as currency,
    cast({{ measure }} as decimal(18, 2)) as share
from won
where {{ measure }} <> 0
{{ 'union all' if not loop.last }}
{% endfor %}
