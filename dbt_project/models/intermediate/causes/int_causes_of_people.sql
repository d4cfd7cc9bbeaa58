with voices as (

    select * from {{ ref('int_disputes_voiced') }}

),

company_writers as (

    select source_writers.source, source_writers.writer
    from {{ ref('stg_agreement__source_writers') }} as source_writers
    inner join {{ ref('int_clock') }} as clock on source_writers.version = clock.agreement_version
    where source_writers.kind = 'company'

),

held_now as (

    select voices.*, disputes.faced_at, disputes.sync_seconds, company_writers.writer is not null as is_set_by_company
    from voices
    inner join {{ ref('int_disputes_parted') }} as disputes using (person_id, parted_at)
    left join company_writers on voices.source = company_writers.source and voices.writer = company_writers.writer
    where voices.moment = 'now'

),

opportunity_sides as (

    select distinct stage_sources.system, stage_sources.side
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join {{ ref('int_clock') }} as clock on stage_sources.version = clock.agreement_version
    where stage_sources.kind = 'opportunity'

),

accounts_of_people as (

    select
        person_id,
        parted_at,
        side,
        system,
        account_id,
        min_by(record_id, case object when 'contact' then '0' else '1' end || record_id) as record_id
    from {{ ref('int_disputes_recorded') }}
    where account_id is not null and is_live
    group by person_id, parted_at, side, system, account_id

),

roles as (

    select distinct system, opportunity_id, person_id
    from {{ ref('int_opportunity_people_matched') }}
    inner join (select distinct person_id from held_now) as disputed using (person_id)

),

opportunities_concerned as (

    select opportunities.system, opportunities.opportunity_id
    from {{ ref('int_opportunities_unioned') }} as opportunities
    inner join (select distinct system, account_id from accounts_of_people) as accounts using (system, account_id)

    union

    select system, opportunity_id from roles

),

opportunities as (

    select opportunities.system, opportunities.opportunity_id, opportunities.account_id
    from {{ ref('int_opportunities_unioned') }} as opportunities
    inner join opportunities_concerned using (system, opportunity_id)
    where not coalesce(opportunities.is_deleted, false)

),

opportunity_states as (

    select
        opportunities.system,
        opportunities.opportunity_id,
        opportunities.account_id,
        claims.value,
        claims.meaning,
        claims.stage,
        claims.from_rank as lowest_rank,
        claims.to_rank as highest_rank,
        claims.claimed_at,
        coalesce(
            lead(claims.claimed_at) over (
                partition by opportunities.system, opportunities.opportunity_id
                order by claims.claimed_at, claims.valued_at, coalesce(claims.rank, 10000), claims.claim_id
            ),
            {{ end_of_time() }}
        ) as claimed_until,
        min(claims.claimed_at) over (partition by opportunities.system, opportunities.opportunity_id) as opened_at
    from {{ ref('int_stages_claimed') }} as claims
    inner join opportunities using (system, opportunity_id)
    where claims.unit = 'opportunity'

),

account_has_what_the_person_lacks as (

    select
        held.person_id,
        held.parted_at,
        opportunity_sides.side as wrong_side,
        held.is_set_by_company,
        states.system,
        accounts.record_id,
        states.opportunity_id,
        states.value,
        states.claimed_at,
        row_number() over (
            partition by held.person_id, held.parted_at order by states.claimed_at desc, states.opportunity_id
        ) as recency
    from held_now as held
    inner join opportunity_sides on held.side <> opportunity_sides.side
    inner join accounts_of_people as accounts
        on
            held.person_id = accounts.person_id
            and held.parted_at = accounts.parted_at
            and opportunity_sides.side = accounts.side
            and opportunity_sides.system = accounts.system
    inner join opportunity_states as states
        on
            accounts.system = states.system
            and accounts.account_id = states.account_id
            and states.claimed_at <= held.faced_at
            and held.faced_at < states.claimed_until
            and states.opened_at <= {{ seconds_later('held.valid_from', 'held.sync_seconds') }}
    left join roles
        on
            held.person_id = roles.person_id
            and states.system = roles.system
            and states.opportunity_id = roles.opportunity_id
    where
        (held.moved_at_parting or held.moved_since_parting)
        and roles.person_id is null
        and {{ sets_meet('held', 'states') }}

),

without_a_role as (

    select
        person_id,
        parted_at,
        'no_contact_role' as cause,
        wrong_side,
        system,
        record_id,
        opportunity_id,
        value,
        claimed_at as happened_at
    from account_has_what_the_person_lacks
    where recency = 1 and not is_set_by_company

),

company_values as (

    select field_values.system, field_values.record_id as account_id, field_values.field, field_values.value
    from ({{ every_system('field_values') }}) as field_values
    where field_values.object = 'account'

    union

    select field_changes.system, field_changes.record_id as account_id, field_changes.field, field_changes.new_value as value
    from ({{ every_system('field_changes') }}) as field_changes
    where field_changes.object = 'account'

),

company_stages as (

    select distinct
        stage_sources.source,
        company_values.system,
        company_values.account_id,
        source_values.stage
    from company_values
    inner join {{ ref('stg_agreement__stage_sources') }} as stage_sources
        on company_values.system = stage_sources.system and company_values.field = stage_sources.field
    inner join {{ ref('int_clock') }} as clock on stage_sources.version = clock.agreement_version
    inner join {{ ref('stg_agreement__source_values') }} as source_values
        on
            stage_sources.version = source_values.version
            and stage_sources.source = source_values.source
            and company_values.value = source_values.value
    where source_values.meaning in ('stage', 'exit')

),

roles_of_their_own as (

    select distinct held.person_id, held.parted_at
    from held_now as held
    inner join roles on held.person_id = roles.person_id
    inner join opportunity_states as states
        on
            roles.system = states.system
            and roles.opportunity_id = states.opportunity_id
            and states.claimed_at <= held.faced_at
            and held.faced_at < states.claimed_until
    where held.is_set_by_company and {{ sets_meet('held', 'states') }}

),

pushed_by_the_company as (

    select distinct
        held.person_id,
        held.parted_at,
        'account_push' as cause,
        held.side as wrong_side,
        held.system,
        accounts.account_id as record_id,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        held.value,
        held.valid_from as happened_at
    from held_now as held
    inner join accounts_of_people as accounts
        on
            held.person_id = accounts.person_id
            and held.parted_at = accounts.parted_at
            and held.side = accounts.side
            and held.system = accounts.system
    inner join company_stages
        on
            held.source = company_stages.source
            and accounts.system = company_stages.system
            and accounts.account_id = company_stages.account_id
            and held.stage = company_stages.stage
    left join roles_of_their_own as theirs on held.person_id = theirs.person_id and held.parted_at = theirs.parted_at
    where held.is_set_by_company and theirs.person_id is null

)

select * from without_a_role

union all

select * from pushed_by_the_company
