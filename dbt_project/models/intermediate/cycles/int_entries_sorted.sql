{% set unit_key = 'world, unit, unit_id' %}
{% set so_far = 'over (partition by ' ~ unit_key ~ ' order by entry_order rows between unbounded preceding and 1 preceding)' %}

with entries as (

    select
        {{ unit_key }},
        entry_order,
        source,
        version,
        opportunity_id,
        stage,
        rank,
        stage_kind,
        stage_unit,
        is_last_stage,
        reopens,
        claimed_at,
        claimed_on,
        entered_date,
        basis,
        known_at,
        is_impossible,
        has_no_place,
        not is_impossible and not has_no_place as is_in_sequence
    from {{ ref('int_entries_judged') }}
    where not is_undone and not is_touch

),

with_path_before as (

    select
        *,
        {{ last_known("case when is_in_sequence and stage_kind = 'stage' then is_last_stage end") }} {{ so_far }}
            as was_last_stage,
        {{ last_known("case when is_in_sequence and stage_kind = 'stage' then coalesce(opportunity_id, '') end") }} {{ so_far }}
            as path_opportunity_id
    from entries

),

with_winning as (

    select
        *,
        coalesce(
            unit = 'person'
            and stage_kind = 'exit'
            and was_last_stage
            and (opportunity_id is null or path_opportunity_id <> opportunity_id),
            false
        ) as comes_after_winning
    from with_path_before

),

with_the_end as (

    select
        *,
        coalesce(
            max(
                case when is_in_sequence and stage_kind = 'exit' and not reopens and not comes_after_winning then 1 else 0 end
            ) {{ so_far }},
            0
        ) = 1 as comes_after_the_end
    from with_winning

),

with_standing as (

    select
        {{ unit_key }},
        entry_order,
        source,
        version,
        opportunity_id,
        stage,
        rank,
        stage_kind,
        stage_unit,
        is_last_stage,
        reopens,
        claimed_at,
        claimed_on,
        entered_date,
        basis,
        known_at,
        case
            when is_impossible then 'impossible'
            when has_no_place then 'no_place'
            when comes_after_winning then 'after_winning'
            when comes_after_the_end then 'after_the_end'
            else 'moves'
        end as standing
    from with_the_end

)

select
    *,
    max(case when standing = 'moves' then entry_order end) {{ so_far }} as move_before
from with_standing
