with people as (

    select * from {{ ref('int_people_described') }}

),

accounted as (

    select * from {{ ref('int_people_accounted') }}

),

personas as (

    select * from {{ ref('int_personas_recognised') }}

),

staged as (

    select * from {{ ref('int_people_staged') }}

),

compared as (

    select * from {{ ref('int_people_compared') }}

)

select
    people.person_id,
    {{ dbt.hash('people.email_normalised') }} as email_hash,
    accounted.company_id as account_id,
    accounted.matched_by as account_matched_by,
    {{ published_id('people.account_id') }} as source_account_id,
    people.crm_system,
    {{ published_id('people.crm_record_id') }} as crm_record_id,
    people.map_system,
    {{ published_id('people.map_record_id') }} as map_record_id,
    staged.stage,
    staged.stage_entered_at,
    compared.crm_stage,
    compared.map_stage,
    case compared.verdict when 'agrees' then true when 'mismatch' then false end as agrees,
    compared.verdict as comparison,
    staged.cycle,
    coalesce(staged.is_in_open_cycle, false) as is_in_open_cycle,
    personas.persona,
    people.lead_source,
    {{ published_id('people.owner_id') }} as owner_id,
    people.owner_team,
    people.created_at,
    people.is_deleted,
    people.is_excluded
from people
left join accounted using (person_id)
left join personas using (person_id)
left join staged using (person_id)
left join compared using (person_id)
