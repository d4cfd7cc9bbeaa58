with builds as (

    select build, build_id, known_at from {{ ref('int_builds_numbered') }}

),

figures as (

    select figures.*, builds.build_id, builds.known_at as restated_at
    from {{ ref('int_figures_published') }} as figures
    inner join builds using (build)
    where figures.is_restated

),

people_today as (

    select previous_person_id, person_id from {{ ref('int_person_ids_replaced') }}

)

select
    figures.restated_at,
    caused.table_name || '/' || caused.basis || '/' || caused.subject || '/' || caused.measure as metric,
    caused.unit,
    caused.month,
    caused.currency,
    case when caused.unit = 'person' then coalesce(people_today.person_id, caused.unit_id) end as person_id,
    caused.opportunity_id,
    caused.cause,
    caused.change,
    caused.system,
    {{ published_id('caused.record_id') }} as record_id,
    caused.happened_at
from {{ ref('int_restatements_caused') }} as caused
inner join figures on {{ same_figure('caused', 'figures') }} and caused.build_id = figures.build_id
left join people_today on caused.unit = 'person' and caused.unit_id = people_today.previous_person_id
