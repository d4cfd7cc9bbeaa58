with disputes as (

    select * from {{ ref('int_disputes_parted') }}

),

voices as (

    select * from {{ ref('int_disputes_voiced') }}

),

unmapped as (

    select
        person_id,
        parted_at,
        'unmapped_value' as cause,
        min(side) as wrong_side,
        min_by(system, side) as system,
        min_by(record_id, side) as record_id,
        min_by(value, side) as value,
        min_by(valid_from, side) as happened_at
    from voices
    where moment = 'now' and meaning = 'unmapped'
    group by person_id, parted_at

),

supported as (

    select
        person_id,
        parted_at,
        cause,
        wrong_side,
        way,
        system,
        record_id,
        other_record_id,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        value,
        happened_at
    from {{ ref('int_causes_of_identity') }}

    union all

    select
        person_id,
        parted_at,
        cause,
        wrong_side,
        null as way,
        system,
        record_id,
        null as other_record_id,
        null as opportunity_id,
        value,
        happened_at
    from unmapped

    union all

    select
        person_id,
        parted_at,
        cause,
        wrong_side,
        null as way,
        system,
        record_id,
        null as other_record_id,
        opportunity_id,
        value,
        happened_at
    from {{ ref('int_causes_of_people') }}

    union all

    select
        person_id,
        parted_at,
        cause,
        wrong_side,
        way,
        system,
        record_id,
        null as other_record_id,
        null as opportunity_id,
        value,
        happened_at
    from {{ ref('int_causes_of_transport') }}

    union all

    select
        person_id,
        parted_at,
        'conflict' as cause,
        lagging_side as wrong_side,
        null as way,
        null as system,
        null as record_id,
        null as other_record_id,
        null as opportunity_id,
        null as value,
        null as happened_at
    from disputes

),

ordered as (

    select
        *,
        row_number() over (
            partition by person_id, parted_at
            order by
                {{ cause_order('cause') }},
                case when way in ('link', 'untold') then 0 else 1 end,
                wrong_side,
                happened_at desc nulls last,
                record_id,
                other_record_id
        ) as preference
    from supported

),

moves_without_history as (

    select voices.person_id, voices.parted_at
    from voices
    inner join disputes using (person_id, parted_at)
    where voices.moment = 'now'
    group by voices.person_id, voices.parted_at
    having
        bool_or(voices.moved_at_parting and voices.basis_at_parting <> 'observed')
        or bool_or((voices.moved_since_parting or voices.side = disputes.lagging_side) and voices.basis <> 'observed')

)

select
    ordered.person_id,
    ordered.parted_at,
    disputes.met_at,
    ordered.cause,
    ordered.wrong_side,
    ordered.way,
    ordered.system,
    ordered.record_id,
    ordered.other_record_id,
    ordered.opportunity_id,
    ordered.value,
    nullif(ordered.happened_at, cast('1900-01-01' as timestamp)) as happened_at,
    disputes.stage_of_record,
    ordered.cause <> 'conflict'
    or (moves.person_id is null and coalesce(ordered.way <> 'untold', true)) as has_sufficient_evidence
from ordered
inner join disputes using (person_id, parted_at)
left join moves_without_history as moves using (person_id, parted_at)
where ordered.preference = 1
