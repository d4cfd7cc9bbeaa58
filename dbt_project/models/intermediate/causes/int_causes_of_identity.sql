with disputes as (

    select * from {{ ref('int_disputes_parted') }}

),

records as (

    select * from {{ ref('int_disputes_recorded') }}

),

voices as (

    select * from {{ ref('int_disputes_voiced') }}

),

links as (

    select
        pointing.person_id,
        pointing.parted_at,
        pointing.side,
        pointing.system,
        pointing.record_id,
        pointed.side as other_side,
        pointed.system as other_system,
        pointed.record_id as other_record_id,
        pointed.is_tombstone,
        pointed.merged_into_record_id,
        pointed.converted_to_record_id,
        pointed.updated_at
    from records as pointing
    inner join records as pointed
        on
            pointing.person_id = pointed.person_id
            and pointing.parted_at = pointed.parted_at
            and pointing.linked_system = pointed.system
            and pointing.linked_record_id = pointed.record_id
    where pointing.is_live and pointing.is_record_of_record and pointing.side <> pointed.side

),

linked_to_a_tombstone as (

    select
        links.person_id,
        links.parted_at,
        'deleted_record' as cause,
        case when alive.record_id is null then links.other_side else links.side end as wrong_side,
        'link' as way,
        case when alive.record_id is null then links.other_system else links.system end as system,
        case when alive.record_id is null then links.other_record_id else links.record_id end as record_id,
        case when alive.record_id is null then links.record_id else links.other_record_id end as other_record_id,
        links.updated_at as happened_at,
        alive.record_id as value
    from links
    left join records as alive
        on
            links.person_id = alive.person_id
            and links.parted_at = alive.parted_at
            and links.other_side = alive.side
            and links.other_system = alive.system
            and alive.is_record_of_record
    where links.is_tombstone

),

only_a_tombstone_is_left as (

    select
        dead.person_id,
        dead.parted_at,
        'deleted_record' as cause,
        dead.side as wrong_side,
        'record' as way,
        dead.system,
        dead.record_id,
        alive.record_id as other_record_id,
        dead.updated_at as happened_at,
        cast(null as {{ dbt.type_string() }}) as value
    from records as dead
    inner join disputes
        on
            dead.person_id = disputes.person_id
            and dead.parted_at = disputes.parted_at
            and disputes.parting = 'missing'
    inner join records as alive
        on
            dead.person_id = alive.person_id
            and dead.parted_at = alive.parted_at
            and dead.side <> alive.side
            and alive.is_live
    where
        dead.is_tombstone
        and dead.side = disputes.absent_side

),

linked_to_a_loser as (

    select
        person_id,
        parted_at,
        'merged_record' as cause,
        side as wrong_side,
        'link' as way,
        system,
        record_id,
        other_record_id,
        updated_at as happened_at,
        merged_into_record_id as value
    from links
    where merged_into_record_id is not null

),

parted_by_a_merge as (

    select
        voices.person_id,
        voices.parted_at,
        'merged_record' as cause,
        voices.side as wrong_side,
        'merge' as way,
        voices.system,
        losers.merged_into_record_id as record_id,
        losers.record_id as other_record_id,
        losers.updated_at as happened_at,
        cast(null as {{ dbt.type_string() }}) as value
    from voices
    inner join disputes using (person_id, parted_at)
    inner join records as losers
        on
            voices.person_id = losers.person_id
            and voices.parted_at = losers.parted_at
            and voices.side = losers.side
            and voices.system = losers.system
            and voices.record_id = losers.merged_into_record_id
            and losers.updated_at <= disputes.parted_at
            and disputes.parted_at <= {{ seconds_later('losers.updated_at', 'disputes.sync_seconds') }}
    where voices.moment = 'parting' and voices.moved_at_parting

),

linked_to_a_converted_lead as (

    select
        person_id,
        parted_at,
        'conversion_gap' as cause,
        side as wrong_side,
        'link' as way,
        system,
        record_id,
        other_record_id,
        updated_at as happened_at,
        cast(null as {{ dbt.type_string() }}) as value
    from links
    where converted_to_record_id is not null

),

holds_what_the_lead_said as (

    select
        behind.person_id,
        behind.parted_at,
        'conversion_gap' as cause,
        behind.side as wrong_side,
        'value' as way,
        behind.system,
        behind.record_id,
        leads.record_id as other_record_id,
        leads.converted_at as happened_at,
        cast(null as {{ dbt.type_string() }}) as value
    from voices as behind
    inner join voices as before
        on
            behind.person_id = before.person_id
            and behind.parted_at = before.parted_at
            and before.moment = 'before'
            and behind.side <> before.side
    inner join voices as now
        on
            behind.person_id = now.person_id
            and behind.parted_at = now.parted_at
            and now.moment = 'now'
            and behind.side <> now.side
    inner join records as leads
        on
            before.person_id = leads.person_id
            and before.parted_at = leads.parted_at
            and before.system = leads.system
            and before.record_id = leads.record_id
            and leads.converted_to_record_id is not null
    where
        behind.moment = 'now'
        and not behind.moved_at_parting
        and not behind.moved_since_parting
        and before.record_id is distinct from now.record_id
        and {{ sets_meet('behind', 'before') }}

),

values_of_records as (

    select
        disputes.person_id,
        disputes.parted_at,
        claims.side,
        claims.system,
        claims.record_id,
        claims.source,
        claims.value,
        claims.meaning,
        claims.stage,
        claims.from_rank as lowest_rank,
        case when claims.to_rank = claims.speaks_until_rank then 10000 else claims.to_rank end as highest_rank,
        row_number() over (
            partition by disputes.person_id, disputes.parted_at, claims.side, claims.source, claims.record_id
            order by claims.claimed_at desc nulls last, claims.valued_at desc nulls last, claims.claim_id
        ) as recency
    from {{ ref('int_stages_claimed') }} as claims
    inner join disputes on claims.person_id = disputes.person_id
    where
        claims.unit = 'person'
        and claims.is_live
        and claims.source_kind = 'field'
        and coalesce(claims.claimed_at <= disputes.faced_at, true)

),

speaking as (

    select
        voices.person_id,
        voices.parted_at,
        voices.side,
        voices.system,
        coalesce(records_of_record.record_id, voices.record_id) as record_id
    from voices
    left join records as records_of_record
        on
            voices.source_kind = 'opportunity'
            and voices.person_id = records_of_record.person_id
            and voices.parted_at = records_of_record.parted_at
            and voices.side = records_of_record.side
            and voices.system = records_of_record.system
            and records_of_record.is_record_of_record
    where voices.moment = 'now'

),

a_twin_agrees as (

    select
        speaking.person_id,
        speaking.parted_at,
        'duplicate_record' as cause,
        speaking.side as wrong_side,
        'record' as way,
        speaking.system,
        speaking.record_id,
        twins.record_id as other_record_id,
        cast(null as timestamp) as happened_at,
        cast(null as {{ dbt.type_string() }}) as value
    from speaking
    inner join voices as facing
        on
            speaking.person_id = facing.person_id
            and speaking.parted_at = facing.parted_at
            and facing.moment = 'now'
            and speaking.side <> facing.side
    inner join values_of_records as twins
        on
            speaking.person_id = twins.person_id
            and speaking.parted_at = twins.parted_at
            and speaking.side = twins.side
            and speaking.system = twins.system
            and speaking.record_id <> twins.record_id
            and twins.recency = 1
    inner join records as twin_records
        on
            twins.person_id = twin_records.person_id
            and twins.parted_at = twin_records.parted_at
            and twins.side = twin_records.side
            and twins.system = twin_records.system
            and twins.record_id = twin_records.record_id
            and twin_records.converted_to_record_id is null
    where
        twins.meaning in ('stage', 'exit', 'range')
        and {{ sets_meet('twins', 'facing') }}

),

missing as (

    select
        person_id,
        parted_at,
        'missing_record' as cause,
        absent_side as wrong_side,
        'record' as way,
        cast(null as {{ dbt.type_string() }}) as system,
        cast(null as {{ dbt.type_string() }}) as record_id,
        cast(null as {{ dbt.type_string() }}) as other_record_id,
        cast(null as timestamp) as happened_at,
        cast(null as {{ dbt.type_string() }}) as value
    from disputes
    where parting = 'missing'

)

select * from linked_to_a_tombstone
union all
select * from only_a_tombstone_is_left
union all
select * from linked_to_a_loser
union all
select * from parted_by_a_merge
union all
select * from linked_to_a_converted_lead
union all
select * from holds_what_the_lead_said
union all
select * from a_twin_agrees
union all
select * from missing
