-- depends_on: {{ ref('int_builds_published') }}
-- depends_on: {{ ref('int_person_ids_replaced') }}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook={'sql': "{{ forget_tables_without_publication() }}", 'transaction': false}
) }}

with this_build as (

    select max_by(build_id, build) as build_id
    from {{ ref('int_builds_numbered') }}
    having count(*) > 0

),

shares_now as (

    select {{ figure_key() }}, unit_id, share
    from {{ ref('int_figures_shared') }}

),

{% if is_incremental() -%}
published_before as (

    select table_name, build_id from {{ ref('int_builds_published') }}

),

people_today as (

    select previous_person_id, person_id from {{ ref('int_person_ids_replaced') }}

),

shares_published as (

    select
        {{ figure_key('published') }},
        coalesce(people_today.person_id, published.unit_id) as unit_id,
        published.change as share
    from {{ this }} as published
    inner join published_before using (table_name, build_id)
    left join people_today on published.unit = 'person' and published.unit_id = people_today.previous_person_id

),
{%- endif %}

published_and_now as (

    select * from shares_now
    {%- if is_incremental() %}
    union all
    select {{ figure_key() }}, unit_id, -share as share from shares_published
    {%- endif %}

),

differences as (

    select {{ figure_key() }}, unit_id, cast(sum(share) as decimal(18, 2)) as change
    from published_and_now
    group by {{ figure_key() }}, unit_id
    having sum(share) <> 0

)

select this_build.build_id, differences.*
from differences
cross join this_build
order by differences.unit, differences.unit_id, differences.table_name
