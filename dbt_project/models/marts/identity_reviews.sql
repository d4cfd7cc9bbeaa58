with records as (

    select
        person_id,
        record_rank,
        system,
        object,
        record_id,
        {{ record_in_words('records') }} as record
    from {{ ref('int_people_matched') }} as records

),

alone as (

    select person_rank, record_rank from {{ ref('int_people_left_alone') }}

),

found as (

    select
        'probable' as kind,
        one.record_rank,
        other.record_rank as other_rank,
        pairs.probability,
        pairs.likeness || case when pairs.is_only_choice then '' else '; another is as like, or liker' end as evidence
    from {{ ref('int_pairs_reviewed') }} as pairs
    inner join alone as one on pairs.person_rank = one.person_rank
    inner join alone as other on pairs.other_rank = other.person_rank
    where not pairs.is_merged

    union all

    select
        'contradicted_link' as kind,
        links.record_rank,
        links.linked_rank as other_rank,
        cast(null as double) as probability,
        'the first names the second in linked_record_id, and the second names another live record there' as evidence
    from {{ ref('int_record_links_found') }} as links
    left join {{ ref('int_records_overridden') }} as decided
        on links.record_rank = decided.record_rank and links.linked_rank = decided.other_rank
    where links.is_contradicted and decided.record_rank is null

),

between_people as (

    select
        found.kind,
        one.person_id,
        one.system,
        one.object,
        one.record_id,
        other.person_id as other_person_id,
        other.system as other_system,
        other.object as other_object,
        other.record_id as other_record_id,
        found.probability,
        one.record || ' and ' || other.record || ': ' || found.evidence as evidence
    from found
    inner join records as one on found.record_rank = one.record_rank
    inner join records as other on found.other_rank = other.record_rank
    where one.person_id <> other.person_id

),

decided_in_vain as (

    select
        'decision_in_vain' as kind,
        one.person_id,
        overrides.system,
        one.object,
        overrides.record_id,
        other.person_id as other_person_id,
        overrides.other_system,
        other.object as other_object,
        overrides.other_record_id,
        cast(null as double) as probability,
        'decided to be ' || overrides.decision || ' one person, but there is no '
        || concat_ws(
            ' and no ',
            case when one.record_rank is null then overrides.system || ' ' || {{ published_id('overrides.record_id') }} end,
            case
                when other.record_rank is null
                    then overrides.other_system || ' ' || {{ published_id('overrides.other_record_id') }}
            end
        ) as evidence
    from {{ ref('stg_sources__identity_overrides') }} as overrides
    left join records as one on overrides.system = one.system and overrides.record_id = one.record_id
    left join records as other on overrides.other_system = other.system and overrides.other_record_id = other.record_id
    where one.record_rank is null or other.record_rank is null

),

reviews as (

    select * from between_people
    union all
    select * from decided_in_vain

)

select
    {{ hashed(['reviews.kind', 'reviews.system', 'reviews.record_id', 'reviews.other_system', 'reviews.other_record_id']) }}
        as review_id,
    reviews.kind,
    reviews.person_id,
    reviews.system,
    reviews.object,
    {{ published_id('reviews.record_id') }} as record_id,
    reviews.other_person_id,
    reviews.other_system,
    reviews.other_object,
    {{ published_id('reviews.other_record_id') }} as other_record_id,
    reviews.probability,
    reviews.evidence,
    case reviews.kind
        when 'decision_in_vain' then 'Correct the record id in the file of decisions, or take the row out.'
        when 'contradicted_link' then 'Correct the link in one of the systems, or decide: always or never one person.'
        else 'Look at both records, and decide: always or never one person.'
    end as suggested_action,
    case
        when
            reviews.kind <> 'decision_in_vain'
            and reviews.record_id = {{ published_id('reviews.record_id') }}
            and reviews.other_record_id = {{ published_id('reviews.other_record_id') }}
            then concat_ws(',', 'always', reviews.system, reviews.record_id, reviews.other_system, reviews.other_record_id)
    end as override_row
from reviews
