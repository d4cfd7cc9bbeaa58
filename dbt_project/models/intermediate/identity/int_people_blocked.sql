{# People of two systems are compared only where they have one of these in common; each is a value, or null. #}
{% set blocks = {
    'by_phone': "alone.phone || '|' || left(alone.last_name, 2)",
    'by_mailbox': "alone.mailbox || '|' || alone.last_name",
    'by_domain': "alone.domain || '|' || alone.last_name",
    'by_company': "alone.company || '|' || alone.name",
} %}
{# A value that more people have is nobody's mark, and comparing all of them would take for ever. #}
{% set most_in_a_block = 100 %}

with alone as (

    select * from {{ ref('int_people_left_alone') }}

),

held as (

    {%- for block, value in blocks.items() %}
    select alone.person_rank, alone.system, '{{ block }}' as block, {{ value }} as held
    from alone
    where {{ value }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

held_in_two_systems as (

    select block, held
    from held
    group by block, held
    having min(system) <> max(system) and count(*) <= {{ most_in_a_block }}

),

blocked as (

    select
        held.person_rank,
        {%- for block in blocks %}
        max(case when held.block = '{{ block }}' then held.held end) as {{ block }}{{ ',' if not loop.last }}
        {%- endfor %}
    from held
    inner join held_in_two_systems using (block, held)
    group by held.person_rank

)

select
    alone.*,
    {%- for block in blocks %}
    blocked.{{ block }}{{ ',' if not loop.last }}
    {%- endfor %}
from alone
inner join blocked using (person_rank)
