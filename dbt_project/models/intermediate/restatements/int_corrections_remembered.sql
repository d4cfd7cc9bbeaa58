{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook={'sql': "{{ forget_builds_without_publication() }}", 'transaction': false}
) }}

with this_build as (

    select max_by(build_id, build) as build_id
    from {{ ref('int_builds_numbered') }}
    having count(*) > 0

),

corrected as (

    select version, source, value, coalesce(stage, meaning) as means
    from {{ ref('stg_agreement__source_values') }}
    where is_correction

)

select this_build.build_id, corrected.*
from corrected
cross join this_build
{% if is_incremental() -%}
left join {{ this }} as memory using (version, source, value, means)
where memory.build_id is null
{%- endif %}
