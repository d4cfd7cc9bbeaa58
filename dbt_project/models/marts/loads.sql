with loads as (

    {{ every_system('loads') }}

)

select
    system,
    object,
    loaded_at,
    complete_through,
    rows_landed,
    rows_at_source,
    rows_held,
    is_increment,
    rows_missed,
    sweep_every_days,
    row_number() over (partition by system, object order by loaded_at desc) = 1 as is_latest
from loads
