with pairs as (

    select * from {{ ref('int_pairs_weighed') }}

),

clusters as (

    select record_rank, person_rank from {{ ref('int_records_clustered') }}

),

decided as (

    select distinct
        least(one.person_rank, other.person_rank) as person_rank,
        greatest(one.person_rank, other.person_rank) as other_rank
    from {{ ref('int_records_overridden') }} as overrides
    inner join clusters as one on overrides.record_rank = one.record_rank
    inner join clusters as other on overrides.other_rank = other.record_rank
    where overrides.decision = 'never'

),

undecided as (

    select pairs.*
    from pairs
    left join decided on pairs.person_rank = decided.person_rank and pairs.other_rank = decided.other_rank
    where decided.person_rank is null

),

both_ways as (

    select person_rank, other_rank, probability from undecided
    union all
    select other_rank as person_rank, person_rank as other_rank, probability from undecided

),

ranked as (

    select
        person_rank,
        other_rank,
        rank() over (partition by person_rank order by probability desc)
        + count(*) over (partition by person_rank, probability)
        - 1 as place
    from both_ways

),

-- nobody is as like either of them
only_choices as (

    select least(person_rank, other_rank) as person_rank, greatest(person_rank, other_rank) as other_rank
    from ranked
    where place = 1
    group by 1, 2
    having count(*) = 2

),

agreed as (

    select * from {{ ref('int_identity_agreed') }}

),

judged as (

    select
        undecided.*,
        only_choices.person_rank is not null as is_only_choice,
        only_choices.person_rank is not null and coalesce(undecided.probability >= agreed.merge_from, false) as is_merged
    from undecided
    cross join agreed
    left join only_choices on undecided.person_rank = only_choices.person_rank and undecided.other_rank = only_choices.other_rank

),

merged_people as (

    select person_rank from judged
    where is_merged
    union
    select other_rank as person_rank from judged
    where is_merged

)

select
    judged.person_rank,
    judged.other_rank,
    judged.probability,
    judged.is_only_choice,
    judged.is_merged,
    'name ' || coalesce(judged.name_level, 'unknown')
    || ', company ' || coalesce(judged.company_level, 'unknown')
    || ', e-mail ' || coalesce(judged.email_level, 'unknown')
    || ', phone ' || coalesce(judged.phone_level, 'unknown')
    || ', title ' || coalesce(judged.title_level, 'unknown')
    || ', country ' || coalesce(judged.country_level, 'unknown') as likeness
from judged
left join merged_people as one on judged.person_rank = one.person_rank
left join merged_people as other on judged.other_rank = other.person_rank
where judged.is_merged or (one.person_rank is null and other.person_rank is null)
