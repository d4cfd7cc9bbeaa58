with records as (

    {{ every_system('people') }}

),

ranks as (

    select
        system,
        record_id,
        row_number() over (
            order by case when created_at is null then 1 else 0 end, created_at, system, record_id
        ) as record_rank
    from records

)

select
    records.*,
    {{ normalised_name('records.first_name', 'records.last_name') }} as name_normalised,
    ranks.record_rank
from records
inner join ranks using (system, record_id)
