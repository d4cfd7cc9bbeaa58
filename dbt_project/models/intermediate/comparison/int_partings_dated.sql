with partings as (

    select
        verdicts.person_id,
        verdicts.valid_from as parted_at,
        case when verdicts.valid_until < {{ end_of_time() }} then verdicts.valid_until end as met_at,
        verdicts.parting,
        verdicts.absent_side,
        faced.crm_system,
        faced.map_system
    from {{ ref('int_verdicts_dated') }} as verdicts
    inner join {{ ref('int_sides_faced') }} as faced using (person_id)
    where verdicts.verdict = 'parted'

),

clock as (

    select * from {{ ref('int_clock') }}

),

syncs as (

    select distinct syncs.system, syncs.other_system, syncs.within_seconds
    from {{ ref('stg_agreement__syncs') }} as syncs
    inner join clock on syncs.version = clock.agreement_version

),

slowest_sync as (

    select max(within_seconds) as within_seconds from syncs

),

timed as (

    select
        partings.*,
        coalesce(
            syncs.within_seconds,
            case when partings.crm_system is null or partings.map_system is null then slowest_sync.within_seconds end,
            0
        ) as sync_seconds
    from partings
    cross join slowest_sync
    left join syncs on partings.crm_system = syncs.system and partings.map_system = syncs.other_system

),

with_sync as (

    select *, {{ seconds_later('parted_at', 'sync_seconds') }} as synced_by
    from timed

)

select
    timed.person_id,
    timed.parted_at,
    timed.met_at,
    timed.sync_seconds,
    timed.synced_by,
    timed.parting,
    timed.absent_side,
    case when timed.synced_by > coalesce(timed.met_at, clock.data_as_of) then 'in_flight' else 'mismatch' end as verdict
from with_sync as timed
cross join clock
