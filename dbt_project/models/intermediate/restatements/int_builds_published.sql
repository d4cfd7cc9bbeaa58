with published as (

    select table_name, build_id, min(published_at) as published_at
    from {{ ref('stg_published__builds') }}
    group by table_name, build_id

)

select
    published.table_name,
    builds.build,
    published.build_id,
    published.published_at,
    builds.known_at,
    builds.data_as_of,
    builds.open_month,
    builds.agreement_hash
from published
inner join {{ ref('int_builds_numbered') }} as builds using (build_id)
