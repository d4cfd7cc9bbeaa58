select
    programs.system,
    programs.id as campaign_id,
    programs.name,
    programs.channel,
    programs.cost,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast({{ local_time('programs.start_date', "coalesce(systems.timezone, 'UTC')") }} as date) as started_on,
    programs.loaded_at
from {{ latest_version(source('raw_marketo', 'program'), key=['system', 'id']) }} as programs
left join {{ source('raw_sources', 'systems') }} as systems on programs.system = systems.system
