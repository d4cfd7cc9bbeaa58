with causes as (

    select * from {{ ref('int_causes_found') }}
    where met_at is null

),

compared as (

    select * from {{ ref('int_people_compared') }}

),

faced as (

    select
        causes.*,
        case causes.wrong_side when 'crm' then compared.crm_source else compared.map_source end as wrong_source,
        case
            when causes.wrong_side = 'crm' and compared.map_meaning in ('stage', 'exit') then compared.map_stage
            when causes.wrong_side = 'map' and compared.crm_meaning in ('stage', 'exit') then compared.crm_stage
            else causes.stage_of_record
        end as expected_stage
    from causes
    inner join compared using (person_id)

),

values_agreed as (

    select stage_sources.side, stage_sources.position, source_values.*
    from {{ ref('stg_agreement__source_values') }} as source_values
    inner join {{ ref('stg_agreement__stage_sources') }} as stage_sources using (version, source)
    inner join {{ ref('int_clock') }} as clock on source_values.version = clock.agreement_version
    where not source_values.is_correction

),

ranks as (

    select stages.stage, stages.rank
    from {{ ref('stg_agreement__stages') }} as stages
    inner join {{ ref('int_clock') }} as clock on stages.version = clock.agreement_version

),

native_values as (

    select side, source, stage, position, false as is_range, min(value) as value
    from values_agreed
    where meaning in ('stage', 'exit')
    group by side, source, stage, position

    union all

    select
        values_agreed.side,
        values_agreed.source,
        ranks.stage,
        values_agreed.position,
        true as is_range,
        min(values_agreed.value) as value
    from values_agreed
    inner join ranks on ranks.rank between values_agreed.from_rank and values_agreed.to_rank
    where values_agreed.meaning = 'range'
    group by values_agreed.side, values_agreed.source, ranks.stage, values_agreed.position

),

values_ranked as (

    select
        faced.person_id,
        native_values.value,
        row_number() over (
            partition by faced.person_id
            order by
                case when native_values.source = faced.wrong_source then 0 else 1 end,
                case when native_values.is_range then 1 else 0 end,
                native_values.position
        ) as preference
    from faced
    inner join native_values on faced.wrong_side = native_values.side and faced.expected_stage = native_values.stage

)

select
    faced.person_id,
    faced.expected_stage,
    case
        when faced.cause in ('missing_record', 'deleted_record') then null
        when faced.cause = 'no_contact_role' then faced.value
        else values_ranked.value
    end as expected_value
from faced
left join values_ranked on faced.person_id = values_ranked.person_id and values_ranked.preference = 1
