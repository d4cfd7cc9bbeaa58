{{ config(materialized='view') }}

with bases as (

    select 'cohort' as basis
    union all
    select 'period' as basis

)

select
    reached.world,
    reached.unit,
    reached.unit_id,
    'funnel_by_month' as table_name,
    bases.basis,
    case bases.basis when 'cohort' then reached.cohort_month else reached.reached_month end as month,
    reached.stage as subject,
    1 as whole,
    case when reached.is_observed then 1 end as part
from {{ ref('int_stages_reached') }} as reached
cross join bases

union all

select
    world,
    unit,
    unit_id,
    'conversion_rates' as table_name,
    basis,
    month,
    from_stage || '-' || to_stage as subject,
    entered as whole,
    converted as part
from {{ ref('int_conversions_paired') }}
