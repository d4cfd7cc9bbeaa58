with numbers as (

    {{ dbt.generate_series(36525) }}

)

select cast(generated_number - 18263 as integer) as day_number
from numbers
