with records as (

    select
        records.*,
        coalesce(records.company, accounts.name) as company_or_account,
        coalesce(records.domain, accounts.domain) as domain_or_account,
        clusters.person_rank,
        row_number() over (
            partition by clusters.person_rank
            order by
                case when records.object = 'contact' then 0 else 1 end,
                case when records.updated_at is null then 1 else 0 end,
                records.updated_at desc,
                records.record_id
        ) as preference
    from {{ ref('int_people_unioned') }} as records
    inner join {{ ref('int_records_clustered') }} as clusters using (record_rank)
    left join ({{ every_system('accounts') }}) as accounts
        on records.system = accounts.system and records.account_id = accounts.account_id
    where not coalesce(records.is_deleted, false) and records.merged_into_record_id is null

),

in_one_system as (

    select
        person_rank,
        min(system) as system,
        min_by(record_rank, preference) as record_rank,
        min_by(name_normalised, preference) filter (where name_normalised is not null) as name,
        min_by({{ plain_text('last_name') }}, preference) filter (where {{ plain_text('last_name') }} is not null) as last_name,
        min_by(email_normalised, preference) filter (where email_normalised is not null) as email,
        min_by({{ normalised_company('company_or_account') }}, preference)
            filter (where {{ normalised_company('company_or_account') }} is not null) as company,
        min_by(domain_or_account, preference) filter (where domain_or_account is not null) as own_domain,
        min_by({{ normalised_phone('phone') }}, preference) filter (where {{ normalised_phone('phone') }} is not null) as phone,
        min_by({{ plain_text('title') }}, preference) filter (where {{ plain_text('title') }} is not null) as title,
        min_by({{ plain_text('country') }}, preference) filter (where {{ plain_text('country') }} is not null) as country
    from records
    group by person_rank
    having min(system) = max(system)

),

free_mail as (

    select free_mail_domains.domain
    from {{ ref('stg_agreement__free_mail_domains') }} as free_mail_domains
    inner join {{ ref('int_clock') }} as clock on free_mail_domains.version = clock.agreement_version

)

select
    alone.person_rank,
    alone.record_rank,
    alone.system,
    alone.name,
    alone.last_name,
    alone.email,
    {{ dbt.split_part('alone.email', "'@'", 1) }} as mailbox,
    case
        when alone.email is not null and free_mail.domain is null then {{ dbt.split_part('alone.email', "'@'", 2) }}
        else alone.own_domain
    end as domain,
    alone.company,
    alone.phone,
    alone.title,
    alone.country
from in_one_system as alone
left join free_mail on {{ dbt.split_part('alone.email', "'@'", 2) }} = free_mail.domain
