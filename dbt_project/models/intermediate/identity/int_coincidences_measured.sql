{# How often two people of two systems who are not one have a value in common, by how often each value stands in each. #}
{% set values = ['name', 'last_name', 'email', 'mailbox', 'domain', 'company', 'phone', 'title', 'country'] %}

with alone as (

    select * from {{ ref('int_people_left_alone') }}

),

{% for value in values %}
{{ value }}_shares as (

    select system, {{ value }} as held, count(*) / sum(count(*)) over (partition by system) as share
    from alone
    where {{ value }} is not null
    group by system, {{ value }}

),
{% endfor %}
coincidences as (

    {%- for value in values %}
    select '{{ value }}' as attribute, sum(one.share * other.share) as coincidence
    from {{ value }}_shares as one
    inner join {{ value }}_shares as other on one.held = other.held and one.system < other.system
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

largest as (

    select max(people) as people
    from (select system, count(*) over (partition by system) as people from alone) as people_per_system

)

select
    coincidences.attribute,
    greatest(coalesce(coincidences.coincidence, 0), 1.0 / largest.people) as coincidence,
    largest.people
from coincidences
cross join largest
