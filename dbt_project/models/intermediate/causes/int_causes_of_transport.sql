with disputes as (

    select * from {{ ref('int_disputes_parted') }}

),

voices as (

    select * from {{ ref('int_disputes_voiced') }}

),

forward_only_writers as (

    select source_writers.source, source_writers.writer
    from {{ ref('stg_agreement__source_writers') }} as source_writers
    inner join {{ ref('int_clock') }} as clock on source_writers.version = clock.agreement_version
    where source_writers.kind = 'forward_only'

),

behind as (

    select voices.*
    from voices
    inner join disputes using (person_id, parted_at)
    where
        voices.side = disputes.lagging_side
        and voices.moment = 'now'
        and not voices.moved_at_parting
        and not voices.moved_since_parting
        and voices.basis = 'observed'

),

ahead as (

    select voices.*
    from voices
    inner join disputes using (person_id, parted_at)
    where voices.side <> disputes.lagging_side

),

cannot_go_back as (

    select
        behind.person_id,
        behind.parted_at,
        'forward_only' as cause,
        behind.side as wrong_side,
        behind.system,
        behind.record_id,
        behind.value,
        ahead.valid_from as happened_at
    from behind
    inner join forward_only_writers as writers on behind.source = writers.source and behind.writer = writers.writer
    inner join ahead
        on
            behind.person_id = ahead.person_id
            and behind.parted_at = ahead.parted_at
            and ahead.moment = 'now'
    where ahead.meaning = 'exit' or ahead.highest_rank < behind.lowest_rank

),

holds_what_the_other_held as (

    select
        behind.person_id,
        behind.parted_at,
        'not_synced' as cause,
        behind.side as wrong_side,
        behind.system,
        behind.record_id,
        behind.value,
        behind.valid_from as happened_at
    from behind
    inner join ahead
        on
            behind.person_id = ahead.person_id
            and behind.parted_at = ahead.parted_at
            and ahead.moment = 'before'
    where {{ sets_meet('behind', 'ahead') }}

)

select * from cannot_go_back
union all
select * from holds_what_the_other_held
