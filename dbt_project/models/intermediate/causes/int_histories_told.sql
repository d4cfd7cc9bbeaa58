with unexplained as (

    select person_id from {{ ref('int_causes_found') }}
    where cause = 'conflict' and met_at is null

),

states as (

    select
        states.person_id,
        states.side,
        {{ value_in_words('states.value', 'states.stage') }} || ' since '
        || {{ moment("nullif(states.valid_from, cast('1900-01-01' as timestamp))") }} as told,
        row_number() over (
            partition by states.person_id, states.side order by states.valid_from desc, states.position, states.claim_id
        ) as recency
    from {{ ref('int_source_states') }} as states
    inner join unexplained using (person_id)
    cross join {{ ref('int_clock') }} as clock
    where states.valid_from <= clock.data_as_of and states.value is not null

)

select
    person_id,
    {{ dbt.listagg("case when side = 'crm' then told end", "', '", "order by recency desc") }} as crm_history,
    {{ dbt.listagg("case when side = 'map' then told end", "', '", "order by recency desc") }} as map_history
from states
where recency <= 8
group by person_id
