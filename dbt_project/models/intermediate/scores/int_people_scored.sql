{% set open_within_days = 90 %}
{% set so_far = 'over (partition by person_id, cycle order by entry_order rows between unbounded preceding and current row)' %}

with clock as (

    select * from {{ ref('int_clock') }}

),

compared as (

    select person_id from {{ ref('int_people_compared') }}
    where verdict <> 'not_compared'

),

hand_over as (

    select min(stages.rank) as rank
    from {{ ref('stg_agreement__handoffs') }} as handoffs
    inner join {{ ref('stg_agreement__stages') }} as stages
        on handoffs.version = stages.version and handoffs.from_stage = stages.stage
    inner join clock on handoffs.version = clock.agreement_version

),

moves as (

    select
        transitions.unit_id as person_id,
        transitions.cycle,
        transitions.entry_order,
        transitions.rank,
        transitions.stage_kind = 'exit' or transitions.is_last_stage as ends_the_cycle,
        coalesce(transitions.claimed_at, cast('1900-01-01' as timestamp)) as entered_at,
        coalesce(transitions.left_at, {{ end_of_time() }}) as left_at
    from {{ ref('int_transitions_classified') }} as transitions
    inner join compared on transitions.unit_id = compared.person_id
    where
        transitions.world = 'agreed'
        and transitions.unit = 'person'
        and transitions.moves_the_unit
        and transitions.transition is not null
        and transitions.cycle is not null

),

standings as (

    select
        person_id,
        entered_at,
        left_at,
        {{ last_known('rank') }} {{ so_far }} as rank_reached,
        min(case when ends_the_cycle then entered_at end) {{ so_far }} as ended_at
    from moves

),

spans as (

    select
        standings.person_id,
        standings.entered_at as valid_from,
        least(
            standings.left_at,
            coalesce({{ dbt.dateadd('day', open_within_days, 'standings.ended_at') }}, standings.left_at)
        ) as valid_until
    from standings
    inner join hand_over on standings.rank_reached >= hand_over.rank
    inner join clock on standings.entered_at <= clock.data_as_of

)

select person_id, valid_from, valid_until
from spans
where valid_from < valid_until
