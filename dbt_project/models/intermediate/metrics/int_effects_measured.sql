with counted as (

    select * from {{ ref('int_metrics_counted') }}

),

report_tables as (

    select reports.report, report_tables.table_name, reports.holds_over_relative, reports.holds_over_absolute
    from {{ ref('stg_agreement__report_tables') }} as report_tables
    inner join {{ ref('stg_agreement__reports') }} as reports using (version, report)
    inner join {{ ref('int_clock') }} as clock on reports.version = clock.agreement_version

),

counts as (

    select
        table_name,
        unit,
        month,
        basis,
        segment,
        segment_value,
        subject,
        measure,
        people_disputed,
        cast(agreed as double) as agreed,
        cast(crm_least as double) as crm_least,
        cast(crm_greatest as double) as crm_greatest,
        cast(map_least as double) as map_least,
        cast(map_greatest as double) as map_greatest
    from counted

),

rates as (

    select
        entered.table_name,
        entered.unit,
        entered.month,
        entered.basis,
        entered.segment,
        entered.segment_value,
        entered.subject,
        'rate' as measure,
        greatest(entered.people_disputed, converted.people_disputed) as people_disputed,
        {% for world in ['agreed', 'crm_least', 'crm_greatest', 'map_least', 'map_greatest'] -%}
        converted.{{ world }} / nullif(entered.{{ world }}, 0) as {{ world }}{{ ',' if not loop.last }}
        {% endfor %}
    from counts as entered
    inner join counts as converted
        on
            entered.table_name = converted.table_name
            and entered.unit = converted.unit
            and entered.month is not distinct from converted.month
            and entered.basis = converted.basis
            and entered.segment = converted.segment
            and entered.segment_value is not distinct from converted.segment_value
            and entered.subject = converted.subject
    where entered.measure = 'entered' and converted.measure = 'converted'

),

metrics as (

    select * from counts
    union all
    select * from rates

),

distances as (

    select
        metrics.*,
        case when abs(crm_greatest - agreed) > abs(crm_least - agreed) then crm_greatest else crm_least end as as_crm,
        case when abs(map_greatest - agreed) > abs(map_least - agreed) then map_greatest else map_least end as as_map
    from metrics
    where people_disputed > 0

),

effects as (

    select
        report_tables.report,
        distances.table_name || '/' || distances.basis || '/' || distances.subject || '/' || distances.measure as metric,
        distances.unit,
        distances.month,
        distances.segment,
        distances.segment_value,
        distances.agreed,
        distances.as_crm,
        distances.as_map,
        greatest(abs(distances.as_crm - distances.agreed), abs(distances.as_map - distances.agreed)) as effect,
        distances.people_disputed,
        distances.measure = 'rate' as is_rate,
        report_tables.holds_over_relative,
        report_tables.holds_over_absolute
    from distances
    inner join report_tables using (table_name)

),

judged as (

    select
        *,
        coalesce(effect > holds_over_absolute and effect > holds_over_relative * agreed, false) as passes_both_limits,
        not is_rate
        and coalesce(people_disputed > holds_over_absolute and people_disputed > holds_over_relative * agreed, false)
            as passes_gross
    from effects

)

select
    *,
    segment = 'all' and passes_both_limits as holds,
    (segment <> 'all' and passes_both_limits) or (passes_gross and not passes_both_limits) as warns
from judged
