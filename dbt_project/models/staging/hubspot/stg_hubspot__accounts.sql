select
    companies.system,
    companies.id as account_id,
    companies.name,
    companies.domain,
    companies.industry,
    companies.numberofemployees as employees,
    companies.country,
    companies.hs_parent_company_id as parent_account_id,
    companies.hubspot_owner_id as owner_id,
    companies.createdate as created_at,
    cast(null as date) as created_on,
    coalesce(companies.archived, false) as is_deleted,
    case when companies.salesforceaccountid is not null then systems.linked_to end as linked_system,
    case when systems.linked_to is not null then companies.salesforceaccountid end as linked_record_id,
    companies.loaded_at
from {{ latest_version(source('raw_hubspot', 'company'), key=['system', 'id']) }} as companies
left join {{ source('raw_sources', 'systems') }} as systems on companies.system = systems.system
