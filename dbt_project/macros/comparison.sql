{# What each side says of a person at an instant: one row per person, instant and side that has something to say.
   `instants` is a relation of (person_id, instant). Within a side the first source that has said a stage speaks; a range or an unmapped
   value is heard only where it is all there is; a lost opportunity yields to later changes. #}
{% macro sides_at(instants) -%}
(
    select *
    from (
        select
            candidates.*,
            row_number() over (
                partition by person_id, instant, side
                order by
                    case when said_from <= instant then 0 else 1 end,
                    case when is_lost and valid_from < latest_change then 1 else 0 end,
                    position,
                    valid_from desc,
                    claim_id
            ) as voice_rank
        from (
            select
                instants.person_id,
                instants.instant,
                states.side,
                states.claim_id,
                states.source,
                states.position,
                states.system,
                states.object,
                states.record_id,
                states.opportunity_id,
                states.field,
                states.value,
                states.meaning,
                states.stage,
                states.writer,
                states.basis,
                states.source_kind,
                states.valid_from,
                states.said_from,
                states.lowest_rank,
                states.highest_rank,
                states.stage_kind,
                states.is_lost,
                max(case when states.said_from <= instants.instant then states.valid_from end) over (
                    partition by instants.person_id, instants.instant, states.side
                ) as latest_change
            from {{ instants }} as instants
            inner join {{ ref('int_source_states') }} as states
                on
                    instants.person_id = states.person_id
                    and states.valid_from <= instants.instant
                    and instants.instant < states.valid_until
            where states.meaning in ('stage', 'exit', 'range', 'unmapped')
        ) as candidates
    ) as voices
    where voice_rank = 1
)
{%- endmacro %}

{# Do the sets for which two sides stand meet? Exits are never implied; an unmapped value stands for no set. #}
{% macro sets_meet(a, b) -%}
    coalesce(
        case
            when {{ a }}.meaning = 'unmapped' or {{ b }}.meaning = 'unmapped' then false
            when {{ a }}.meaning = 'exit' or {{ b }}.meaning = 'exit' then {{ a }}.stage = {{ b }}.stage and {{ a }}.meaning = {{ b }}.meaning
            else {{ a }}.lowest_rank <= {{ b }}.highest_rank and {{ b }}.lowest_rank <= {{ a }}.highest_rank
        end,
        false
    )
{%- endmacro %}
