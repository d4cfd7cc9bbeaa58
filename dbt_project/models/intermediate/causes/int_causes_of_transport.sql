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

    select
        voices.*,
        voices.writer is null and voices.source in (select source from forward_only_writers) as may_only_go_forward
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

steps_back as (

    select behind.person_id, behind.parted_at, behind.may_only_go_forward, ahead.valid_from as happened_at
    from behind
    inner join ahead
        on
            behind.person_id = ahead.person_id
            and behind.parted_at = ahead.parted_at
            and ahead.moment = 'now'
    where ahead.meaning = 'exit' or ahead.highest_rank < behind.lowest_rank

),

cannot_go_back as (

    select
        behind.person_id,
        behind.parted_at,
        'forward_only' as cause,
        cast(null as {{ dbt.type_string() }}) as way,
        behind.side as wrong_side,
        behind.system,
        behind.record_id,
        behind.value,
        steps_back.happened_at
    from behind
    inner join forward_only_writers as writers on behind.source = writers.source and behind.writer = writers.writer
    inner join steps_back on behind.person_id = steps_back.person_id and behind.parted_at = steps_back.parted_at

),

cannot_be_told as (

    select
        behind.person_id,
        behind.parted_at,
        'conflict' as cause,
        'untold' as way,
        behind.side as wrong_side,
        behind.system,
        behind.record_id,
        behind.value,
        steps_back.happened_at
    from behind
    inner join steps_back on behind.person_id = steps_back.person_id and behind.parted_at = steps_back.parted_at
    where behind.may_only_go_forward

),

holds_what_the_other_held as (

    select
        behind.person_id,
        behind.parted_at,
        'not_synced' as cause,
        cast(null as {{ dbt.type_string() }}) as way,
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
    left join cannot_be_told as untold on behind.person_id = untold.person_id and behind.parted_at = untold.parted_at
    where untold.person_id is null and {{ sets_meet('behind', 'ahead') }}

)

select * from cannot_go_back
union all
select * from cannot_be_told
union all
select * from holds_what_the_other_held
