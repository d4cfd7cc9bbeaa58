with of_several_names as (

    select email_normalised, count(distinct name_normalised) as name_count
    from {{ ref('int_people_unioned') }}
    where email_normalised is not null
    group by email_normalised
    having min(name_normalised) <> max(name_normalised)

),

agreed as (

    select * from {{ ref('int_identity_agreed') }}

),

roles as (

    select shared_mailboxes.mailbox
    from {{ ref('stg_agreement__shared_mailboxes') }} as shared_mailboxes
    inner join agreed using (version)

)

select of_several_names.email_normalised, of_several_names.name_count
from of_several_names
cross join agreed
left join roles as by_name
    on {{ dbt.split_part(dbt.split_part('of_several_names.email_normalised', "'@'", 1), "'+'", 1) }} = by_name.mailbox
left join roles as by_address on of_several_names.email_normalised = by_address.mailbox
where
    of_several_names.name_count > agreed.names_in_a_mailbox
    or by_name.mailbox is not null
    or by_address.mailbox is not null
