with systems as (

    select * from {{ ref('stg_sources__systems') }}

),

windows as (

    select * from {{ ref('stg_extracts__windows') }}

)

select
    windows.system,
    windows.object,
    windows.loaded_at,
    windows.window_number,
    windows.since,
    windows.until,
    windows.rows_at_source,
    windows.rows_fetched,
    windows.rows_at_source = windows.rows_fetched as agrees
from windows
inner join systems on windows.system = systems.system
