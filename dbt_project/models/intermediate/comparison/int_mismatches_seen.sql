{{ config(materialized='incremental', incremental_strategy='append', meta={'known_by': 'first_seen_at'}) }}

with mismatches as (

    select
        {{ hashed(['person_id', 'crm_system', 'map_system', 'parted_at']) }} as mismatch_id,
        clock.known_at as first_seen_at
    from {{ ref('int_people_compared') }}
    cross join {{ ref('int_clock') }} as clock
    where verdict = 'mismatch'

)

select mismatch_id, first_seen_at
from mismatches
{% if is_incremental() %}
where mismatch_id not in (select mismatch_id from {{ this }})
{% endif %}
