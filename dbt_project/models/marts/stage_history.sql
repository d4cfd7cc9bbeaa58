with transitions as (

    select * from {{ ref('int_transitions_classified') }}
    where world = 'agreed'

),

entries as (

    select unit, unit_id, entry_order, system, record_id, opportunity_id, value
    from {{ ref('int_entries_ordered') }}
    where world = 'agreed'

),

opportunities as (

    select unit_id, opportunity_id, person_id from {{ ref('int_opportunities_described') }}

)

select
    transitions.unit,
    case transitions.unit when 'person' then transitions.unit_id else opportunities.person_id end as person_id,
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
    entries.system,
    {{ published_id('coalesce(entries.record_id, entries.opportunity_id)') }} as record_id,
    entries.value,
    transitions.known_at,
    transitions.version as agreement_version,
    transitions.moves_the_unit
from transitions
left join entries
    on
        transitions.unit = entries.unit
        and transitions.unit_id = entries.unit_id
        and transitions.entry_order = entries.entry_order
left join opportunities on case when transitions.unit = 'opportunity' then transitions.unit_id end = opportunities.unit_id
