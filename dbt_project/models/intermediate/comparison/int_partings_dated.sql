with parted as (

    select * from {{ ref('int_sides_faced') }}
    where verdict = 'parted'

),

clock as (

    select * from {{ ref('int_clock') }}

),

instants as (

    select distinct states.person_id, states.valid_from as instant
    from {{ ref('int_source_states') }} as states
    inner join parted on states.person_id = parted.person_id and parted.parting <> 'missing'
    cross join clock
    where states.valid_from <= clock.data_as_of

),

sides as (

    select * from {{ sides_at('instants') }} as voices

),

compared as (

    select
        instants.person_id,
        instants.instant,
        coalesce({{ sets_meet('crm', 'map') }}, false) as sets_meet,
        crm.meaning = 'unmapped' or map.meaning = 'unmapped' or (crm.meaning is not null and map.meaning is not null) as can_part
    from instants
    left join sides as crm on instants.person_id = crm.person_id and instants.instant = crm.instant and crm.side = 'crm'
    left join sides as map on instants.person_id = map.person_id and instants.instant = map.instant and map.side = 'map'

),

last_met as (

    select person_id, max(case when sets_meet or not coalesce(can_part, false) then instant end) as instant
    from compared
    group by person_id

),

parted_at as (

    select compared.person_id, min(compared.instant) as parted_at
    from compared
    inner join last_met on compared.person_id = last_met.person_id
    where compared.instant > coalesce(last_met.instant, cast('1800-01-01' as timestamp))
    group by compared.person_id

),

last_deletions as (

    select
        records.person_id,
        max(case when systems.role in ('crm', 'both') then records.updated_at end) as crm_deleted_at,
        max(case when systems.role in ('map', 'both') then records.updated_at end) as map_deleted_at
    from parted
    inner join {{ ref('int_people_matched') }} as records using (person_id)
    inner join {{ ref('stg_sources__systems') }} as systems using (system)
    where parted.parting = 'missing' and records.is_deleted and records.merged_into_record_id is null
    group by records.person_id

),

dated as (

    select
        parted.*,
        case
            when parted.parting = 'missing' and not parted.is_in_crm
                then greatest(parted.crm_required_since, coalesce(last_deletions.crm_deleted_at, parted.crm_required_since))
            when parted.parting = 'missing'
                then greatest(parted.map_required_since, coalesce(last_deletions.map_deleted_at, parted.map_required_since))
            else parted_at.parted_at
        end as parted_at
    from parted
    left join parted_at on parted.person_id = parted_at.person_id
    left join last_deletions on parted.person_id = last_deletions.person_id

),

syncs as (

    select distinct syncs.system, syncs.other_system, syncs.within_seconds
    from {{ ref('stg_agreement__syncs') }} as syncs
    inner join clock on syncs.version = clock.agreement_version

),

slowest_sync as (

    select max(within_seconds) as within_seconds from syncs

)

select
    dated.person_id,
    dated.parted_at,
    case
        when
            {{ seconds_later(
                'dated.parted_at',
                "coalesce(syncs.within_seconds, case when dated.crm_system is null or dated.map_system is null "
                ~ "then slowest_sync.within_seconds end, 0)"
            ) }} > clock.data_as_of
            then 'in_flight'
        else 'mismatch'
    end as verdict
from dated
cross join clock
cross join slowest_sync
left join syncs on dated.crm_system = syncs.system and dated.map_system = syncs.other_system
