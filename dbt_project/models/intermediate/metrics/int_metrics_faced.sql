with disputed as (

    select person_id from {{ ref('int_people_compared') }}
    where verdict = 'mismatch'

),

shares as (

    select shares.*
    from {{ ref('int_shares_unioned') }} as shares
    inner join disputed on shares.unit_id = disputed.person_id
    where shares.unit = 'person'

),

shares_per_measure as (

    select *, {{ measure_of('table_name', 'whole') }} as measure, whole as share from shares
    union all
    select *, {{ measure_of('table_name', 'part') }} as measure, part as share from shares
    where part is not null

)

select
    unit,
    unit_id,
    table_name,
    basis,
    month,
    subject,
    measure,
    {% for world in ['agreed', 'crm_least', 'crm_greatest', 'map_least', 'map_greatest'] -%}
    sum(case when world = '{{ world }}' then share else 0 end) as {{ world }}{{ ',' if not loop.last }}
    {% endfor %}
from shares_per_measure
group by unit, unit_id, table_name, basis, month, subject, measure
