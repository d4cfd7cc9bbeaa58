with records as (

    select * from {{ ref('int_people_matched') }}

),

systems as (

    select * from {{ ref('stg_sources__systems') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

ranked as (

    select
        records.person_id,
        records.record_rank,
        records.system,
        records.record_id,
        records.email_normalised,
        records.first_name,
        records.last_name,
        records.title,
        records.company,
        records.phone,
        records.country,
        nullif(trim(records.lead_source), '') as lead_source,
        records.owner_id,
        records.account_id,
        records.created_at,
        records.is_live,
        records.is_record_of_record,
        systems.role,
        row_number() over (
            partition by records.person_id
            order by
                case when records.is_record_of_record then 0 when records.is_live then 1 else 2 end,
                case when systems.role = 'map' then 1 else 0 end,
                records.system,
                records.record_rank
        ) as preference
    from records
    left join systems using (system)

),

described as (

    select
        person_id,
        min_by(email_normalised, preference) filter (where email_normalised is not null) as email_normalised,
        min_by(first_name, preference) filter (where first_name is not null) as first_name,
        min_by(last_name, preference) filter (where last_name is not null) as last_name,
        min_by(title, preference) filter (where title is not null) as title,
        min_by(company, preference) filter (where company is not null) as company,
        min_by(phone, preference) filter (where phone is not null) as phone,
        min_by(country, preference) filter (where country is not null) as country,
        min_by(lead_source, preference) filter (where lead_source is not null) as lead_source,
        min_by(owner_id, preference) filter (where owner_id is not null and is_live) as owner_id,
        min_by(system, preference) filter (where owner_id is not null and is_live) as owner_system,
        min_by(account_id, preference) filter (where account_id is not null) as account_id,
        min_by(system, preference) filter (where account_id is not null) as account_system,
        min(created_at) as created_at,
        min(record_rank) as earliest_rank,
        min_by(system, preference) filter (where role in ('crm', 'both') and is_record_of_record) as crm_system,
        min_by(record_id, preference) filter (where role in ('crm', 'both') and is_record_of_record) as crm_record_id,
        min_by(system, preference) filter (where role in ('map', 'both') and is_record_of_record) as map_system,
        min_by(record_id, preference) filter (where role in ('map', 'both') and is_record_of_record) as map_record_id,
        not bool_or(is_live) as is_deleted
    from ranked
    group by person_id

),

excluded as (

    select distinct records.person_id
    from records
    cross join clock
    inner join {{ ref('stg_agreement__exclusions') }} as exclusions
        on
            clock.agreement_version = exclusions.version
            and (
                (exclusions.field = 'email_domain' and records.email_normalised like '%@' || lower(exclusions.value))
                or (exclusions.field = 'email_like' and records.email_normalised like lower(exclusions.value))
                or (exclusions.field = 'lead_source' and trim(records.lead_source) = exclusions.value)
                or (exclusions.field = 'country' and trim(records.country) = exclusions.value)
                or (exclusions.field = 'company_like' and lower(records.company) like exclusions.value)
                or (exclusions.field = 'title_like' and lower(records.title) like exclusions.value)
            )

)

select
    described.person_id,
    described.email_normalised,
    described.first_name,
    described.last_name,
    described.title,
    described.company,
    described.phone,
    described.country,
    described.lead_source,
    described.owner_id,
    described.owner_system,
    described.account_id,
    described.account_system,
    described.created_at,
    described.crm_system,
    described.crm_record_id,
    described.map_system,
    described.map_record_id,
    described.is_deleted,
    earliest.created_on,
    owners.owner_team,
    excluded.person_id is not null as is_excluded
from described
inner join records as earliest on described.earliest_rank = earliest.record_rank
left join {{ ref('int_owners_teamed') }} as owners
    on described.owner_system = owners.system and described.owner_id = owners.owner_id
left join excluded on described.person_id = excluded.person_id
