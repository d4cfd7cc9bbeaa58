with counted as (

    select * from {{ ref('int_metrics_counted') }}
    where table_name = 'funnel_by_month'

),

stages as (

    select stages.stage, stages.unit
    from {{ ref('stg_agreement__stages') }} as stages
    inner join {{ ref('int_clock') }} as clock on stages.version = clock.agreement_version
    where stages.kind = 'stage'

),

cells as (

    select distinct counted.unit, counted.month, counted.basis, counted.segment, counted.segment_value, stages.stage
    from counted
    inner join stages on counted.unit = 'person' or stages.unit = 'opportunity'
    where counted.agreed > 0

)

select
    cells.unit,
    cells.month,
    cells.basis,
    cells.segment,
    cells.segment_value,
    cells.stage,
    cast(coalesce(sum(case when counted.measure = 'reached' then counted.agreed end), 0) as {{ dbt.type_bigint() }}) as reached,
    cast(coalesce(sum(case when counted.measure = 'observed' then counted.agreed end), 0) as {{ dbt.type_bigint() }}) as observed
from cells
left join counted
    on
        cells.unit = counted.unit
        and cells.month is not distinct from counted.month
        and cells.basis = counted.basis
        and cells.segment = counted.segment
        and cells.segment_value is not distinct from counted.segment_value
        and cells.stage = counted.subject
group by cells.unit, cells.month, cells.basis, cells.segment, cells.segment_value, cells.stage
