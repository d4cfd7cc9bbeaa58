with reports as (

    select reports.report, reports.owner, reports.holds_over_relative, reports.holds_over_absolute
    from {{ ref('stg_agreement__reports') }} as reports
    inner join {{ ref('int_clock') }} as clock on reports.version = clock.agreement_version

),

holding as (

    select
        *,
        row_number() over (
            partition by report order by effect / nullif(agreed, 0) desc nulls first, effect desc, metric, month desc
        ) as worst_rank,
        count(*) over (partition by report) as cell_count
    from {{ ref('int_effects_measured') }}
    where holds

)

select
    reports.report,
    reports.owner,
    holding.report is not null as is_held,
    case
        when holding.report is not null
            then cast(holding.cell_count as {{ dbt.type_string() }}) || ' figures depend on people on whom the systems disagree; '
                || holding.metric
                || ' of '
                || coalesce(substring(cast(holding.month as {{ dbt.type_string() }}), 1, 7), 'unknown month')
                || ' is ' || {{ figure('holding.agreed', 'holding.is_rate') }}
                || ' as agreed, ' || {{ figure('holding.as_crm', 'holding.is_rate') }}
                || ' as the CRM says, ' || {{ figure('holding.as_map', 'holding.is_rate') }}
                || ' as the MAP says (a hold needs more than '
                || cast(reports.holds_over_relative * 100 as {{ dbt.type_string() }}) || ' % and more than '
                || cast(reports.holds_over_absolute as {{ dbt.type_string() }}) || ')'
    end as reason,
    holding.metric as worst_metric,
    holding.month as worst_month,
    holding.effect as worst_effect,
    clock.data_as_of,
    clock.agreement_version
from reports
cross join {{ ref('int_clock') }} as clock
left join holding on reports.report = holding.report and holding.worst_rank = 1
