with records as (

    select * from {{ ref('int_people_unioned') }}

),

alike as (

    select
        pairs.person_rank,
        pairs.other_rank,
        pairs.probability,
        pairs.likeness,
        one.record_rank as one_record,
        other.record_rank as other_record
    from {{ ref('int_pairs_reviewed') }} as pairs
    inner join {{ ref('int_people_left_alone') }} as one on pairs.person_rank = one.person_rank
    inner join {{ ref('int_people_left_alone') }} as other on pairs.other_rank = other.person_rank
    where pairs.is_merged

),

-- the later person's earliest record is joined to the earlier person, whose own earliest tells it where nothing stronger holds it
joined as (

    select
        clusters.record_rank,
        coalesce(earlier.person_rank, clusters.person_rank) as person_rank,
        case
            when clusters.record_rank = earlier.other_rank then earlier.one_record
            else coalesce(clusters.matched_rank, later.other_record)
        end as matched_rank,
        case when clusters.record_rank <> coalesce(earlier.other_rank, 0) then clusters.rule_order end as rule_order,
        coalesce(earlier.probability, later.probability) as probability,
        coalesce(earlier.likeness, later.likeness) as likeness
    from {{ ref('int_records_clustered') }} as clusters
    left join alike as earlier on clusters.person_rank = earlier.other_rank
    left join alike as later on clusters.record_rank = later.person_rank

),

links as (

    select * from {{ ref('int_record_links_found') }}
    where not is_contradicted

),

told as (

    select
        joined.record_rank,
        joined.person_rank,
        joined.matched_rank,
        joined.probability,
        joined.likeness,
        case
            when joined.matched_rank is null then 'only_record'
            else coalesce(own.rule, others.rule, 'probable')
        end as matched_by,
        own.rule is not null as names_the_other,
        others.rule is not null as is_named
    from joined
    left join links as own
        on
            joined.record_rank = own.record_rank
            and joined.matched_rank = own.linked_rank
            and joined.rule_order = own.rule_order
    left join links as others
        on
            joined.record_rank = others.linked_rank
            and joined.matched_rank = others.record_rank
            and joined.rule_order = others.rule_order

),

decided as (

    select record_rank, other_rank, decision, decided_on, other_record
    from {{ ref('int_records_overridden') }}

),

strangers as (

    select record_rank, {{ dbt.listagg('other_record', "', '", "order by other_rank") }} as other_records
    from decided
    where decision = 'never'
    group by record_rank

),

worded as (

    select
        told.record_rank,
        told.person_rank,
        told.matched_rank,
        told.matched_by,
        told.probability,
        told.likeness,
        told.names_the_other,
        told.is_named,
        matched.system as matched_system,
        matched.record_id as matched_record_id,
        shared_mailboxes.email_normalised is not null as has_shared_mailbox,
        {{ record_in_words('matched') }} as matched_record,
        decided.decided_on,
        strangers.other_records as strangers
    from told
    left join records as matched on told.matched_rank = matched.record_rank
    left join decided
        on
            told.record_rank = decided.record_rank
            and told.matched_rank = decided.other_rank
            and told.matched_by = decided.decision
    left join strangers on told.record_rank = strangers.record_rank
    left join {{ ref('int_mailboxes_shared') }} as shared_mailboxes
        on matched.email_normalised = shared_mailboxes.email_normalised

)

select
    worded.record_rank,
    worded.person_rank,
    worded.matched_by,
    worded.matched_system,
    worded.matched_record_id,
    cast(
        case when worded.matched_by = 'probable' then worded.probability else coalesce(rules.confidence, 1) end as double
    ) as confidence,
    case worded.matched_by
        when 'always' then
            'always: decided to be one person with ' || worded.matched_record
            || coalesce(' on ' || cast(worded.decided_on as {{ dbt.type_string() }}), '')
        when 'conversion' then
            case
                when worded.names_the_other then 'conversion: it was converted into ' || worded.matched_record
                else 'conversion: ' || worded.matched_record || ' was converted into it'
            end
        when 'merge' then
            case
                when worded.names_the_other then 'merge: it was merged into ' || worded.matched_record
                else 'merge: ' || worded.matched_record || ' was merged into it'
            end
        when 'linked_id' then
            case
                when worded.names_the_other and worded.is_named
                    then 'linked_id: it and ' || worded.matched_record || ' name each other'
                when worded.names_the_other then 'linked_id: it names ' || worded.matched_record
                else 'linked_id: ' || worded.matched_record || ' names it'
            end
        when 'external_id' then 'external_id: ' || worded.matched_record || ' has the same external_id'
        when 'email' then
            'email: ' || worded.matched_record || ' has the same normalised e-mail'
            || case when worded.has_shared_mailbox then ', a shared mailbox, and the same name' else '' end
        when 'probable' then 'probable: ' || worded.matched_record || ' is much like it: ' || worded.likeness
        else 'only_record: nothing joins it to another record'
    end || coalesce('; never: decided to be another person than ' || worded.strangers, '') as evidence
from worded
left join {{ ref('int_rules_weighed') }} as rules on worded.matched_by = rules.rule
