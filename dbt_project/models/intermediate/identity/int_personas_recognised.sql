with people as (

    select
        described.person_id,
        lower(described.title) as title,
        lower(coalesce(accounts.name, described.company)) as company,
        lower(accounts.industry) as industry,
        lower(coalesce(described.country, accounts.country)) as country
    from {{ ref('int_people_described') }} as described
    left join ({{ every_system('accounts') }}) as accounts
        on described.account_system = accounts.system and described.account_id = accounts.account_id

),

patterns as (

    select persona_patterns.persona, personas.position, persona_patterns.field, persona_patterns.pattern
    from {{ ref('stg_agreement__persona_patterns') }} as persona_patterns
    inner join {{ ref('int_clock') }} as clock on persona_patterns.version = clock.agreement_version
    inner join {{ ref('stg_agreement__personas') }} as personas
        on persona_patterns.version = personas.version and persona_patterns.persona = personas.persona

),

fields_asked as (

    select persona, count(distinct field) as field_count
    from patterns
    group by persona

),

fields_met as (

    select people.person_id, patterns.persona, patterns.position, count(distinct patterns.field) as field_count
    from people
    inner join patterns
        on
            case patterns.field
                when 'title' then people.title
                when 'company' then people.company
                when 'industry' then people.industry
                when 'country' then people.country
            end like patterns.pattern
    group by people.person_id, patterns.persona, patterns.position

)

select fields_met.person_id, min_by(fields_met.persona, fields_met.position) as persona
from fields_met
inner join fields_asked on fields_met.persona = fields_asked.persona and fields_met.field_count = fields_asked.field_count
group by fields_met.person_id
