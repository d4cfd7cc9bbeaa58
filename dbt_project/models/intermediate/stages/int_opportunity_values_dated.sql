with opportunities as (

    select * from {{ ref('int_opportunities_unioned') }}

),

mapped_values as (

    select
        stage_sources.system,
        source_values.value,
        bool_or(coalesce(stages.is_last or stages.kind = 'exit', false)) as ends
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join {{ ref('stg_agreement__source_values') }} as source_values using (version, source)
    left join {{ ref('stg_agreement__stages') }} as stages
        on source_values.version = stages.version and source_values.stage = stages.stage
    where stage_sources.kind = 'opportunity'
    group by stage_sources.system, source_values.value

),

opportunities_with_end as (

    select
        opportunities.*,
        coalesce(opportunities.is_closed, false) or coalesce(in_pipeline.ends, anywhere.ends, false) as ends,
        {{ utc_time('cast(opportunities.close_on as timestamp)', "coalesce(systems.timezone, 'UTC')") }} as close_day_at
    from opportunities
    left join {{ ref('stg_sources__systems') }} as systems using (system)
    left join mapped_values as in_pipeline
        on
            opportunities.system = in_pipeline.system
            and opportunities.pipeline || '/' || opportunities.stage_value = in_pipeline.value
    left join mapped_values as anywhere
        on opportunities.system = anywhere.system and opportunities.stage_value = anywhere.value

),

changes as (

    {{ every_system('opportunity_changes') }}

),

changes_with_current_last as (

    select
        changes.*,
        case when changes.new_value = opportunities.stage_value then 1 else 0 end as is_current
    from changes
    inner join opportunities using (system, opportunity_id)

),

changes_ordered as (

    select
        *,
        row_number() over (
            partition by system, opportunity_id order by changed_at, is_current, change_id
        ) = 1 as is_first,
        lead(change_id) over (
            partition by system, opportunity_id order by changed_at, is_current, change_id
        ) is null as is_last
    from changes_with_current_last

),

changed_to as (

    select
        system,
        opportunity_id,
        new_value as value,
        changed_at as valued_at,
        changed_on as valued_on,
        'observed' as basis,
        changed_by as writer,
        loaded_at as known_at
    from changes_ordered

),

held_before_the_first_change as (

    select
        changes.system,
        changes.opportunity_id,
        changes.old_value as value,
        opportunities.created_at as valued_at,
        opportunities.created_on as valued_on,
        'inferred' as basis,
        cast(null as {{ dbt.type_string() }}) as writer,
        changes.loaded_at as known_at
    from changes_ordered as changes
    inner join opportunities using (system, opportunity_id)
    where
        changes.is_first
        and changes.old_value is not null
        and not coalesce(
            {{ is_before(
                'changes.changed_at', 'changes.changed_on', 'opportunities.created_at', 'opportunities.created_on'
            ) }},
            false
        )

),

never_seen_changing as (

    select
        opportunities.system,
        opportunities.opportunity_id,
        opportunities.stage_value as value,
        case
            when opportunities.ends
                then coalesce(
                    opportunities.closed_at, opportunities.close_day_at, opportunities.created_at
                )
            else opportunities.created_at
        end as valued_at,
        case
            when not opportunities.ends then opportunities.created_on
            when opportunities.closed_at is not null then opportunities.closed_on
            when opportunities.close_on is not null then opportunities.close_on
            else opportunities.created_on
        end as valued_on,
        'inferred' as basis,
        cast(null as {{ dbt.type_string() }}) as writer,
        opportunities.loaded_at as known_at
    from opportunities_with_end as opportunities
    left join changes_ordered as changes
        on
            opportunities.system = changes.system
            and opportunities.opportunity_id = changes.opportunity_id
            and changes.is_last
    where changes.change_id is null

),

moved_on_since_the_last_change as (

    select
        opportunities.system,
        opportunities.opportunity_id,
        opportunities.stage_value as value,
        case
            when opportunities.ends and opportunities.closed_at > changes.changed_at then opportunities.closed_at
            when opportunities.updated_at > changes.changed_at then opportunities.updated_at
            else opportunities.loaded_at
        end as valued_at,
        case
            when opportunities.ends and opportunities.closed_at > changes.changed_at then opportunities.closed_on
            when opportunities.updated_at > changes.changed_at then opportunities.updated_on
        end as valued_on,
        'inferred' as basis,
        cast(null as {{ dbt.type_string() }}) as writer,
        opportunities.loaded_at as known_at
    from opportunities_with_end as opportunities
    inner join changes_ordered as changes using (system, opportunity_id)
    where changes.is_last and changes.new_value is distinct from opportunities.stage_value

)

select * from changed_to
union all
select * from held_before_the_first_change
union all
select * from never_seen_changing
union all
select * from moved_on_since_the_last_change
