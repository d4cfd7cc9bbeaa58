with records as (

    select * from {{ ref('int_people_unioned') }}

),

decided as (

    select
        overrides.decision,
        overrides.decided_on,
        records.record_rank,
        others.record_rank as other_rank,
        {{ record_in_words('records') }} as record,
        {{ record_in_words('others') }} as other_record
    from {{ ref('stg_sources__identity_overrides') }} as overrides
    inner join records on overrides.system = records.system and overrides.record_id = records.record_id
    inner join records as others on overrides.other_system = others.system and overrides.other_record_id = others.record_id

)

select decision, decided_on, record_rank, other_rank, other_record
from decided
union all
select decision, decided_on, other_rank as record_rank, record_rank as other_rank, record as other_record
from decided
