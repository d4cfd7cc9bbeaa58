{# Of a domain with more labels than these the last ones decide; the longest suffixes have five. #}
{% set labels = 7 %}

with domains as (

    select {{ dbt.split_part('email_normalised', "'@'", 2) }} as domain
    from {{ ref('int_people_unioned') }}
    where email_normalised is not null
    union
    select {{ domain_of('domain') }} as domain
    from ({{ every_system('accounts') }}) as accounts
    where {{ domain_of('domain') }} is not null

),

ends as (

    {%- for count in range(1, labels + 1) %}
    select
        domain,
        {{ count }} as label_count,
        nullif(regexp_extract(domain, {{ "'([^.]+[.]){" ~ (count - 1) ~ "}[^.]+$'" }}), '') as ending
    from domains
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

suffixes as (

    select
        ends.domain,
        coalesce(
            max(case when rules.is_exception then ends.label_count - 1 end),
            max(case when rules.is_wildcard then ends.label_count + 1 when not rules.is_wildcard then ends.label_count end),
            1
        ) as label_count
    from ends
    left join {{ ref('stg_sources__public_suffixes') }} as rules on ends.ending = rules.suffix
    where ends.ending is not null
    group by ends.domain

),

free_mail as (

    select free_mail_domains.domain
    from {{ ref('stg_agreement__free_mail_domains') }} as free_mail_domains
    inner join {{ ref('int_clock') }} as clock on free_mail_domains.version = clock.agreement_version

)

select
    suffixes.domain,
    ends.ending as registered_domain,
    by_domain.domain is not null or by_registered.domain is not null as is_free_mail
from suffixes
left join ends on suffixes.domain = ends.domain and suffixes.label_count + 1 = ends.label_count
left join free_mail as by_domain on suffixes.domain = by_domain.domain
left join free_mail as by_registered on ends.ending = by_registered.domain
