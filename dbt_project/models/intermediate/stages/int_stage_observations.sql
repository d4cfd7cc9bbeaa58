{{ config(materialized='view') }}

with versions as (

    select * from {{ ref('stg_agreement__versions') }}

),

stage_sources as (

    select
        stage_sources.*,
        versions.in_force_from,
        versions.in_force_until,
        versions.version = clock.agreement_version as is_current
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join versions using (version)
    cross join {{ ref('int_clock') }} as clock

),

source_values as (

    select * from {{ ref('stg_agreement__source_values') }}

),

field_values as (

    select
        stage_sources.version,
        stage_sources.source,
        dated.system,
        dated.object,
        dated.record_id,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        dated.field,
        dated.value,
        dated.value as matched_value,
        dated.valued_at,
        dated.valued_on,
        dated.basis,
        dated.writer,
        dated.known_at
    from {{ ref('int_field_values_dated') }} as dated
    inner join stage_sources
        on
            stage_sources.kind = 'field'
            and dated.system = stage_sources.system
            and dated.object = stage_sources.object
            and dated.field = stage_sources.field
            and (
                (dated.valued_at is null and stage_sources.is_current)
                or (dated.valued_at >= stage_sources.in_force_from and dated.valued_at < stage_sources.in_force_until)
            )

),

opportunity_values as (

    select
        stage_sources.version,
        stage_sources.source,
        dated.system,
        'opportunity' as object,
        cast(null as {{ dbt.type_string() }}) as record_id,
        dated.opportunity_id,
        'stage' as field,
        dated.value,
        coalesce(in_pipeline.value, dated.value) as matched_value,
        dated.valued_at,
        dated.valued_on,
        dated.basis,
        dated.writer,
        dated.known_at
    from {{ ref('int_opportunity_values_dated') }} as dated
    inner join {{ ref('int_opportunities_unioned') }} as opportunities using (system, opportunity_id)
    inner join stage_sources
        on
            stage_sources.kind = 'opportunity'
            and dated.system = stage_sources.system
            and (
                (dated.valued_at is null and stage_sources.is_current)
                or (dated.valued_at >= stage_sources.in_force_from and dated.valued_at < stage_sources.in_force_until)
            )
    left join source_values as in_pipeline
        on
            stage_sources.version = in_pipeline.version
            and stage_sources.source = in_pipeline.source
            and opportunities.pipeline || '/' || dated.value = in_pipeline.value
    where not coalesce(opportunities.is_deleted, false)

),

values_meant as (

    select
        dated.version,
        dated.source,
        dated.system,
        dated.object,
        dated.record_id,
        dated.opportunity_id,
        dated.field,
        dated.value,
        dated.valued_at,
        dated.valued_on,
        dated.basis,
        dated.writer,
        dated.known_at,
        case when dated.value is null then 'empty' else coalesce(source_values.meaning, 'unmapped') end as meaning,
        source_values.stage,
        source_values.rank,
        source_values.from_rank,
        source_values.to_rank
    from (
        select * from field_values
        union all
        select * from opportunity_values
    ) as dated
    left join source_values
        on
            dated.version = source_values.version
            and dated.source = source_values.source
            and dated.matched_value = source_values.value

),

rules_met as (

    select
        rules_met.version,
        rules_met.source,
        rules_met.system,
        records.object,
        rules_met.record_id,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        cast(null as {{ dbt.type_string() }}) as field,
        rules_met.value,
        rules_met.valued_at,
        rules_met.valued_on,
        rules_met.basis,
        rules_met.writer,
        rules_met.known_at,
        'stage' as meaning,
        stages.stage,
        stages.rank,
        stages.rank as from_rank,
        stages.rank as to_rank
    from {{ ref('int_rules_met') }} as rules_met
    inner join {{ ref('int_people_matched') }} as records using (system, record_id)
    inner join stage_sources using (version, source)
    inner join {{ ref('stg_agreement__stages') }} as stages
        on stage_sources.version = stages.version and stage_sources.enters = stages.stage

),

observations as (

    select * from values_meant
    union all
    select * from rules_met

)

select
    observations.*,
    stage_sources.side,
    stage_sources.position,
    stage_sources.kind as source_kind,
    stage_sources.people,
    stage_sources.speaks_until_rank,
    stages.kind as stage_kind,
    stages.unit as stage_unit,
    stages.owner as stage_owner,
    stages.reopens,
    coalesce(stages.is_last, false) as is_last_stage
from observations
inner join stage_sources using (version, source)
left join {{ ref('stg_agreement__stages') }} as stages
    on observations.version = stages.version and observations.stage = stages.stage
