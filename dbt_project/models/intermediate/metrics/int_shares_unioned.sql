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

union all

select
    world,
    'person' as unit,
    person_id as unit_id,
    'handoffs' as table_name,
    'period' as basis,
    month,
    handoff as subject,
    1 as whole,
    case when accepted_at is not null then 1 end as part
from {{ ref('int_handoffs_judged') }}

union all

select
    world,
    'person' as unit,
    person_id as unit_id,
    'handoffs' as table_name,
    'period' as basis,
    month,
    handoff || '-' || status as subject,
    1 as whole,
    case when accepted_at is not null then 1 end as part
from {{ ref('int_handoffs_judged') }}
