with opportunities as (

    select
        *,
        {{ hashed(['system', 'opportunity_id']) }} as unit_id
    from {{ ref('int_opportunities_unioned') }}
    where not coalesce(is_deleted, false)

),

first_person as (

    select
        system,
        opportunity_id,
        person_id,
        row_number() over (
            partition by system, opportunity_id
            order by
                case when is_origin then 0 when is_primary then 1 else 2 end,
                case when joined_at is null then 0 else 1 end,
                joined_at,
                person_id
        ) as person_order
    from {{ ref('int_opportunity_people_matched') }}

),

clock as (

    select * from {{ ref('int_clock') }}

)

select
    opportunities.*,
    first_person.person_id,
    owners.owner_team,
    coalesce(people.is_excluded, false) as is_excluded,
    opportunities.amount
    * case when coalesce(opportunities.currency, clock.currency) = clock.currency then 1 else rates.rate end
        as amount_in_agreed_currency
from opportunities
cross join clock
left join first_person
    on
        opportunities.system = first_person.system
        and opportunities.opportunity_id = first_person.opportunity_id
        and first_person.person_order = 1
left join {{ ref('int_people_described') }} as people on first_person.person_id = people.person_id
left join {{ ref('int_owners_teamed') }} as owners
    on opportunities.system = owners.system and opportunities.owner_id = owners.owner_id
left join {{ ref('stg_agreement__rates') }} as rates
    on clock.agreement_version = rates.version and opportunities.currency = rates.currency
