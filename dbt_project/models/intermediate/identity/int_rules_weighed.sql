with records as (

    select
        records.record_rank,
        records.system,
        records.name_normalised,
        not coalesce(records.is_deleted, false) and records.merged_into_record_id is null as is_live,
        clusters.rank_by_ids
    from {{ ref('int_people_unioned') }} as records
    inner join {{ ref('int_records_clustered') }} as clusters using (record_rank)

),

known_by_ids as (

    select distinct rank_by_ids, system
    from records
    where is_live

),

pairs_of_one_email as (

    select
        records.rank_by_ids = others.rank_by_ids as is_confirmed,
        known_there.system is not null
        and known_here.system is not null
        and records.rank_by_ids <> others.rank_by_ids
        and coalesce(records.name_normalised <> others.name_normalised, false) as is_refuted
    from {{ ref('int_record_links_found') }} as links
    inner join records on links.record_rank = records.record_rank
    inner join records as others on links.linked_rank = others.record_rank and records.system <> others.system
    left join known_by_ids as known_there on records.rank_by_ids = known_there.rank_by_ids and others.system = known_there.system
    left join known_by_ids as known_here on others.rank_by_ids = known_here.rank_by_ids and records.system = known_here.system
    where links.rule = 'email'

),

checked as (

    select
        cast(count(case when is_confirmed then 1 end) as {{ dbt.type_bigint() }}) as confirmed,
        cast(count(case when is_confirmed or is_refuted then 1 end) as {{ dbt.type_bigint() }}) as checked
    from pairs_of_one_email

)

-- before any id has spoken, 999 of 1000 are taken to be right: what the proof asks of every rule
select 'email' as rule, checked, confirmed, round((confirmed + 999) / (checked + 1000), 4) as confidence
from checked
