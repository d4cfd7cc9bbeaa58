with numbers as (

    {{ dbt.generate_series(36525) }}

),

clock as (

    select cast(data_as_of as date) as today
    from {{ ref('int_clock') }}
    where data_as_of is not null

)

select cast({{ dbt.dateadd('day', 'cast(numbers.generated_number as integer) - 18263', 'clock.today') }} as date) as calendar_date
from numbers
cross join clock
