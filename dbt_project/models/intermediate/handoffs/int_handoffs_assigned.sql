{% set hand_over = 'world, person_id, cycle, handoff' %}

with hand_overs as (

    select
        {{ hand_over }},
        handed_over_at,
        handed_over_on,
        least(coalesce(ended_at, {{ end_of_time() }}), coalesce(next_handed_over_at, {{ end_of_time() }})) as over_at
    from {{ ref('int_handoffs_begun') }}
    where handed_over_at is not null

),

owners as (

    select * from {{ ref('int_owners_dated') }}

),

owned_since as (

    select
        hand_overs.world,
        hand_overs.person_id,
        hand_overs.cycle,
        hand_overs.handoff,
        owners.is_a_person,
        greatest(owners.owned_from, hand_overs.handed_over_at) as owned_at,
        case
            when owners.owned_from > hand_overs.handed_over_at then owners.owned_on
            when owners.owned_on is null then hand_overs.handed_over_on
            else coalesce(
                hand_overs.handed_over_on,
                case when owners.owned_from = hand_overs.handed_over_at then owners.owned_on end
            )
        end as owned_on,
        owners.known_from
    from hand_overs
    inner join owners
        on
            hand_overs.person_id = owners.person_id
            and owners.owned_until > hand_overs.handed_over_at
            and owners.owned_from < hand_overs.over_at

),

assigned as (

    select
        {{ hand_over }},
        min(case when is_a_person then owned_at end) as assigned_at
    from owned_since
    group by {{ hand_over }}

),

assigned_for_certain as (

    select
        owned_since.world,
        owned_since.person_id,
        owned_since.cycle,
        owned_since.handoff,
        max(assigned.assigned_at) as assigned_at,
        max(case when owned_since.is_a_person and owned_since.owned_at = assigned.assigned_at then owned_since.owned_on end)
            as assigned_on,
        max(
            case
                when
                    owned_since.known_from > owned_since.owned_at
                    and coalesce(owned_since.owned_at <= assigned.assigned_at, true)
                    then 1
                else 0
            end
        ) = 1 as could_be_earlier
    from owned_since
    inner join assigned
        on
            owned_since.world = assigned.world
            and owned_since.person_id = assigned.person_id
            and owned_since.cycle = assigned.cycle
            and owned_since.handoff = assigned.handoff
    group by owned_since.world, owned_since.person_id, owned_since.cycle, owned_since.handoff

),

systems_that_tell_owners as (

    select distinct system from owners

),

people_with_an_untold_owner as (

    select distinct records.person_id
    from {{ ref('int_people_matched') }} as records
    inner join {{ ref('stg_sources__systems') }} as systems on records.system = systems.system
    left join systems_that_tell_owners on records.system = systems_that_tell_owners.system
    where systems.role in ('crm', 'both') and systems_that_tell_owners.system is null

)

select
    hand_overs.world,
    hand_overs.person_id,
    hand_overs.cycle,
    hand_overs.handoff,
    assigned_for_certain.assigned_at,
    assigned_for_certain.assigned_on,
    coalesce(assigned_for_certain.could_be_earlier, false) or untold.person_id is not null as is_owner_uncertain
from hand_overs
left join assigned_for_certain
    on
        hand_overs.world = assigned_for_certain.world
        and hand_overs.person_id = assigned_for_certain.person_id
        and hand_overs.cycle = assigned_for_certain.cycle
        and hand_overs.handoff = assigned_for_certain.handoff
left join people_with_an_untold_owner as untold on hand_overs.person_id = untold.person_id
