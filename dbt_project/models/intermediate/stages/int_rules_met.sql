with rule_sources as (

    select * from {{ ref('stg_agreement__stage_sources') }}
    where kind = 'rule'

),

conditions as (

    select
        rule_sources.version,
        rule_sources.source,
        rule_sources.system,
        conditions.number,
        conditions.kind,
        conditions.threshold,
        conditions.activity_kind
    from rule_sources
    inner join {{ ref('stg_agreement__rule_conditions') }} as conditions using (version, source)

),

campaigns as (

    {{ every_system('campaigns') }}

),

activities_seen as (

    select
        conditions.version,
        conditions.source,
        conditions.number,
        activities.system,
        activities.record_id,
        activities.occurred_at as valued_at,
        activities.occurred_on as valued_on,
        'observed' as basis,
        cast(null as {{ dbt.type_string() }}) as writer,
        activities.loaded_at as known_at
    from ({{ every_system('activities') }}) as activities
    inner join conditions
        on
            activities.system = conditions.system
            and conditions.kind = 'activity'
            and activities.kind = conditions.activity_kind
    left join campaigns
        on activities.system = campaigns.system and activities.campaign_id = campaigns.campaign_id
    where
        exists (
            select 1
            from {{ ref('stg_agreement__rule_campaigns') }} as rule_campaigns
            where
                rule_campaigns.version = conditions.version
                and rule_campaigns.source = conditions.source
                and rule_campaigns.number = conditions.number
                and rule_campaigns.campaign in (activities.campaign_id, campaigns.name)
        )
        or not exists (
            select 1
            from {{ ref('stg_agreement__rule_campaigns') }} as rule_campaigns
            where
                rule_campaigns.version = conditions.version
                and rule_campaigns.source = conditions.source
                and rule_campaigns.number = conditions.number
        )

),

met as (

    select version, source, number, system, record_id, valued_at, valued_on, basis, writer, known_at
    from {{ ref('int_scores_crossed') }}
    union all
    select * from activities_seen

)

select
    met.*,
    case conditions.kind
        when 'score_crosses' then 'score_crosses ' || cast(conditions.threshold as {{ dbt.type_string() }})
        else conditions.activity_kind
    end as value
from met
inner join conditions using (version, source, number)
inner join {{ ref('stg_agreement__versions') }} as versions on met.version = versions.version
cross join {{ ref('int_clock') }} as clock
where
    (met.valued_at >= versions.in_force_from and met.valued_at < versions.in_force_until)
    or (met.valued_at is null and met.version = clock.agreement_version)
