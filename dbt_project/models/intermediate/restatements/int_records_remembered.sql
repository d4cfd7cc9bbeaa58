{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook={'sql': "{{ forget_builds_without_publication() }}", 'transaction': false}
) }}

with builds as (

    select build, build_id from {{ ref('int_builds_numbered') }}

),

stated as (

    select kind, system, record_id, person_id, state from {{ ref('int_records_stated') }}

)

{% if is_incremental() -%}
, remembered as (

    select
        memory.kind,
        memory.system,
        memory.record_id,
        max_by(memory.person_id, builds.build) as person_id,
        max_by(memory.state, builds.build) as state
    from {{ this }} as memory
    inner join builds using (build_id)
    group by memory.kind, memory.system, memory.record_id

)
{%- endif %}

select
    this_build.build_id,
    stated.kind,
    stated.system,
    stated.record_id,
    stated.person_id,
    stated.state
from stated
cross join (select max_by(build_id, build) as build_id from builds) as this_build
{% if is_incremental() -%}
left join remembered
    on
        stated.kind = remembered.kind
        and stated.system = remembered.system
        and stated.record_id = remembered.record_id
where
    remembered.record_id is null
    or stated.state <> remembered.state
    or stated.person_id is distinct from remembered.person_id
{%- endif %}
