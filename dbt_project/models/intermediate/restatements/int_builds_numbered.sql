{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook={
        'sql': "{{ forget('build_id not in (select build_id from ' ~ ref('stg_published__builds') ~ ')') }}",
        'transaction': false
    }
) }}

with clock as (

    select * from {{ ref('int_clock') }}

),

agreed as (

    select
        versions.version,
        versions.content_hash
    from {{ ref('stg_agreement__versions') }} as versions
    inner join clock on versions.version <= clock.agreement_version

),

corrected as (

    select
        source_values.version,
        {{ hashed(['source_values.source', 'source_values.value', 'source_values.meaning', 'source_values.stage']) }}
            as content_hash
    from {{ ref('stg_agreement__source_values') }} as source_values
    inner join agreed using (version)
    where source_values.is_correction

),

content as (

    select {{ dbt.hash(dbt.listagg('content_hash', "' '", 'order by version, content_hash')) }} as agreement_hash
    from (
        select version, content_hash from agreed
        union all
        select version, content_hash from corrected
    ) as everything_agreed

),

builds_before as (

    {% if is_incremental() -%}
    select max(build) as build from {{ this }}
    {%- else -%}
    select cast(null as integer) as build
    {%- endif %}

)

select
    cast(coalesce(builds_before.build, 0) + 1 as integer) as build,
    '{{ invocation_id }}' as build_id,
    clock.known_at,
    clock.data_as_of,
    clock.open_month,
    clock.agreement_version,
    content.agreement_hash
from clock
cross join content
cross join builds_before
