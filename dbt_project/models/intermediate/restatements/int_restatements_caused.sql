-- depends_on: {{ ref('int_builds_published') }}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook={'sql': "{{ forget_tables_without_publication() }}", 'transaction': false}
) }}

with this_build as (

    select max_by(build_id, build) as build_id
    from {{ ref('int_builds_numbered') }}
    having count(*) > 0

),

restated as (

    select *, row_number() over (order by {{ figure_key() }}, unit_id) as share_number
    from {{ ref('int_shares_restated') }}

),

same_amount_in_its_own_currency as (

    select restated.share_number
    from restated
    left join restated as own
        on
            restated.unit_id = own.unit_id
            and restated.table_name = own.table_name
            and own.measure = 'amount'
    where restated.measure = 'amount_in_agreed_currency' and restated.agreement_has_changed and own.unit_id is null

),

evidence as (

    select * from {{ ref('int_restatements_evidenced') }}

),

weighed as (

    select
        restated.share_number,
        evidence.evidence_order,
        evidence.cause,
        evidence.system,
        evidence.record_id,
        evidence.happened_at
    from restated
    inner join evidence using (published_build, unit, unit_id)
    where
        (evidence.stage is null or evidence.stage = restated.stage)
        and (evidence.month is null or evidence.month = restated.month)
        and (
            evidence.applies_to = 'all'
            or (evidence.applies_to = 'gained' and restated.change > 0 and restated.basis = 'cohort')
            or (evidence.applies_to = 'lost' and restated.change < 0)
        )
        and not (restated.table_name = 'handoffs' and evidence.evidence_order in (9, 10, 13, 14))

    union all

    select
        share_number,
        3 as evidence_order,
        'definition' as cause,
        cast(null as {{ dbt.type_string() }}) as system,
        cast(null as {{ dbt.type_string() }}) as record_id,
        cast(null as timestamp) as happened_at
    from same_amount_in_its_own_currency

    union all

    select
        share_number,
        17 as evidence_order,
        'moved_on' as cause,
        cast(null as {{ dbt.type_string() }}) as system,
        cast(null as {{ dbt.type_string() }}) as record_id,
        cast(null as timestamp) as happened_at
    from restated
    where table_name = 'handoffs'

),

in_order as (

    select *, row_number() over (partition by share_number order by evidence_order, cause, system, record_id) as place
    from weighed

),

strongest as (

    select * from in_order
    where place = 1

),

opportunities as (

    select {{ hashed(['system', 'opportunity_id']) }} as unit_id, system, opportunity_id
    from {{ ref('int_opportunities_unioned') }}

)

select
    this_build.build_id,
    {{ figure_key('restated') }},
    restated.unit_id,
    opportunities.opportunity_id,
    restated.change,
    coalesce(strongest.cause, 'other') as cause,
    coalesce(strongest.system, opportunities.system) as system,
    coalesce(strongest.record_id, opportunities.opportunity_id) as record_id,
    strongest.happened_at
from restated
cross join this_build
left join strongest using (share_number)
left join opportunities on restated.unit = 'opportunity' and restated.unit_id = opportunities.unit_id
