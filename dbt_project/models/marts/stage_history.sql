with transitions as (

    select * from {{ ref('int_transitions_classified') }}
    where world = 'agreed'

),

opportunities as (

    select unit_id, opportunity_id, person_id from {{ ref('int_opportunities_described') }}

)

select
    transitions.unit,
    coalesce(transitions.person_id, opportunities.person_id) as person_id,
    case
        when transitions.unit = 'opportunity' or transitions.stage <> 'idle'
            then coalesce(transitions.opportunity_id, opportunities.opportunity_id)
    end as opportunity_id,
    transitions.cycle,
    cast(transitions.entry_number as integer) as entry_number,
    transitions.stage,
    transitions.claimed_at as entered_at,
    transitions.entered_date as entered_on,
    transitions.basis as entered_at_basis,
    transitions.left_at,
    transitions.previous_stage,
    transitions.transition,
    transitions.source,
    transitions.system,
    case
        when transitions.stage <> 'idle' then {{ published_id('coalesce(transitions.record_id, transitions.opportunity_id)') }}
    end as record_id,
    transitions.value,
    transitions.known_at,
    transitions.version as agreement_version,
    transitions.moves_the_unit
from transitions
left join opportunities on transitions.unit = 'opportunity' and transitions.unit_id = opportunities.unit_id
