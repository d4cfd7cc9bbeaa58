with counted as (

    select * from {{ ref('int_metrics_counted') }}
    where table_name = 'conversion_rates'

),

pairs as (

    select distinct unit, from_stage || '-' || to_stage as subject, from_stage, to_stage
    from {{ ref('int_conversions_paired') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

windows as (

    select conversion_windows.from_stage, conversion_windows.to_stage, conversion_windows.within_seconds
    from {{ ref('stg_agreement__conversion_windows') }} as conversion_windows
    inner join clock on conversion_windows.version = clock.agreement_version

),

rates as (

    select
        counted.unit,
        counted.month,
        counted.basis,
        counted.segment,
        counted.segment_value,
        pairs.from_stage,
        pairs.to_stage,
        counted.basis = 'cohort' or pairs.from_stage = 'closed' as has_interval,
        sum(case when counted.measure = 'entered' then counted.agreed else 0 end) as entered,
        sum(case when counted.measure = 'converted' then counted.agreed else 0 end) as converted
    from counted
    inner join pairs on counted.unit = pairs.unit and counted.subject = pairs.subject
    group by
        counted.unit,
        counted.month,
        counted.basis,
        counted.segment,
        counted.segment_value,
        pairs.from_stage,
        pairs.to_stage

)

select
    rates.unit,
    rates.month,
    rates.basis,
    rates.segment,
    rates.segment_value,
    rates.from_stage,
    rates.to_stage,
    cast(rates.entered as {{ dbt.type_bigint() }}) as entered,
    cast(rates.converted as {{ dbt.type_bigint() }}) as converted,
    cast(rates.converted as double) / nullif(rates.entered, 0) as rate,
    case when rates.has_interval then {{ wilson('rates.converted', 'rates.entered', 'low') }} end as ci_low,
    case when rates.has_interval then {{ wilson('rates.converted', 'rates.entered', 'high') }} end as ci_high,
    case
        when rates.basis = 'cohort' and windows.within_seconds is not null
            then {{ seconds_later(dbt.dateadd('month', 1, 'rates.month'), 'windows.within_seconds') }} <= clock.data_as_of_local
    end as is_mature
from rates
cross join clock
left join windows on rates.from_stage = windows.from_stage and rates.to_stage = windows.to_stage
where rates.entered > 0 or rates.converted > 0
