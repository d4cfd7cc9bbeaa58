with disputed as (

    select person_id from {{ ref('int_people_compared') }}
    where verdict = 'mismatch'

),

bases as (

    select 'cohort' as basis
    union all
    select 'period' as basis

),

reached as (

    select
        reached.*,
        bases.basis,
        case bases.basis when 'cohort' then reached.cohort_month else reached.reached_month end as month
    from {{ ref('int_stages_reached') }} as reached
    cross join bases

),

counted as (

    select
        world, unit, unit_id, 'funnel_by_month' as table_name, basis, month, stage as subject, 'reached' as measure, 1 as amount
    from reached

    union all

    select
        world, unit, unit_id, 'funnel_by_month' as table_name, basis, month, stage as subject, 'observed' as measure, 1 as amount
    from reached
    where is_observed

    {% for measure in ['entered', 'converted'] -%}
    union all

    select
        world,
        unit,
        unit_id,
        'conversion_rates' as table_name,
        basis,
        month,
        from_stage || '-' || to_stage as subject,
        '{{ measure }}' as measure,
        {{ measure }} as amount
    from {{ ref('int_conversions_paired') }}

    {% endfor -%}
)

select
    counted.unit,
    counted.unit_id,
    disputed.person_id is not null as is_disputed,
    counted.table_name,
    counted.basis,
    counted.month,
    counted.subject,
    counted.measure,
    {% for world in ['agreed', 'crm_least', 'crm_greatest', 'map_least', 'map_greatest'] -%}
    sum(case when counted.world = '{{ world }}' then counted.amount else 0 end) as {{ world }}{{ ',' if not loop.last }}
    {% endfor %}
from counted
left join disputed on counted.unit = 'person' and counted.unit_id = disputed.person_id
group by
    counted.unit,
    counted.unit_id,
    disputed.person_id is not null,
    counted.table_name,
    counted.basis,
    counted.month,
    counted.subject,
    counted.measure
