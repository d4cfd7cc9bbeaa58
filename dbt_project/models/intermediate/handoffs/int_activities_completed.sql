with loaded as (

    select system, max(complete_through) as complete_through
    from ({{ every_system('extractions') }}) as extractions
    where object = 'activities'
    group by system

),

systems_with_touches as (

    select distinct system from {{ ref('int_touches_qualified') }}

)

select
    systems.system,
    coalesce(loaded.complete_through, cast('1900-01-01' as timestamp)) as complete_through
from {{ ref('stg_sources__systems') }} as systems
left join loaded on systems.system = loaded.system
left join systems_with_touches on systems.system = systems_with_touches.system
where systems.role in ('crm', 'both') or systems_with_touches.system is not null
