with remembered as (

    select distinct kind, system, record_id, person_id
    from {{ ref('int_records_remembered') }}
    where kind = 'record'

),

records as (

    select system, record_id, person_id from {{ ref('int_people_matched') }}

),

had_another_id as (

    select remembered.system, remembered.record_id, remembered.person_id as previous_person_id, records.person_id
    from remembered
    inner join records using (system, record_id)
    where remembered.person_id <> records.person_id

)

select distinct previous_person_id, person_id
from had_another_id
where previous_person_id = {{ hashed(['system', 'record_id']) }}
