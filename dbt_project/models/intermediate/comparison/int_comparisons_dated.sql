{{ config(materialized='view') }}

with verdicts as (

    select * from {{ ref('int_verdicts_dated') }}

),

partings as (

    select * from {{ ref('int_partings_dated') }}

)

select
    person_id,
    valid_from,
    valid_until,
    verdict,
    cast(null as timestamp) as parted_at
from verdicts
where verdict <> 'parted'

union all

select
    person_id,
    parted_at as valid_from,
    least(synced_by, coalesce(met_at, {{ end_of_time() }})) as valid_until,
    'in_flight' as verdict,
    parted_at
from partings
where synced_by > parted_at

union all

select
    person_id,
    synced_by as valid_from,
    coalesce(met_at, {{ end_of_time() }}) as valid_until,
    'mismatch' as verdict,
    parted_at
from partings
where verdict = 'mismatch'
