with causes as (

    select * from {{ ref('int_causes_found') }}

),

owners as (

    select side_owners.side, side_owners.team
    from {{ ref('stg_agreement__side_owners') }} as side_owners
    inner join {{ ref('int_clock') }} as clock on side_owners.version = clock.agreement_version

)

select
    {{ hashed(['causes.person_id', 'causes.parted_at']) }} as parting_id,
    causes.person_id,
    causes.parted_at,
    causes.met_at,
    causes.cause,
    causes.wrong_side as side_to_mend,
    owners.team as owner_team,
    causes.has_sufficient_evidence
from causes
left join owners on causes.wrong_side = owners.side
