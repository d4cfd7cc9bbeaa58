with causes as (

    select * from {{ ref('int_causes_found') }}
    where met_at is null

),

compared as (

    select * from {{ ref('int_people_compared') }}

),

expected as (

    select * from {{ ref('int_values_expected') }}

),

systems as (

    select system, kind from {{ ref('stg_sources__systems') }}

),

ranks as (

    select stages.stage, stages.rank
    from {{ ref('stg_agreement__stages') }} as stages
    inner join {{ ref('int_clock') }} as clock on stages.version = clock.agreement_version

),

sided as (

    select
        causes.person_id,
        causes.cause,
        causes.way,
        causes.wrong_side,
        {{ other_side('causes.wrong_side') }} as right_side,
        {{ published_id('causes.record_id') }} as record_id,
        {{ published_id('causes.other_record_id') }} as other_record_id,
        causes.opportunity_id,
        {{ published_id('causes.value') }} as found_value,
        causes.happened_at,
        causes.has_sufficient_evidence,
        causes.parted_at,
        compared.opportunity_id as speaking_opportunity_id,
        {%- for side, other in [('wrong', 'crm'), ('right', 'map')] %}
        {%- set opposite = {'crm': 'map', 'map': 'crm'}[other] %}
        {%- for column in ['system', 'record_id', 'source', 'field', 'value', 'meaning', 'stage', 'since', 'writer'] %}
        {%- if column in ('record_id', 'writer') %}
        case causes.wrong_side
            when 'crm' then {{ published_id('compared.' ~ other ~ '_' ~ column) }}
            else {{ published_id('compared.' ~ opposite ~ '_' ~ column) }}
        end as {{ side }}_{{ column }},
        {%- else %}
        case causes.wrong_side
            when 'crm' then compared.{{ other }}_{{ column }}
            else compared.{{ opposite }}_{{ column }}
        end as {{ side }}_{{ column }},
        {%- endif %}
        {%- endfor %}
        {%- endfor %}
        expected.expected_stage,
        expected.expected_value
    from causes
    inner join compared using (person_id)
    inner join expected using (person_id)

),

systems_of_sides as (

    select side, min(system) as system
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join {{ ref('int_clock') }} as clock on stage_sources.version = clock.agreement_version
    group by side

),

named as (

    select
        sided.*,
        coalesce(sided.wrong_system, wrong_side_systems.system, sided.wrong_side) as wrong_name,
        coalesce(sided.right_system, right_side_systems.system, sided.right_side) as right_name,
        coalesce(wrong_rank.rank <= expected_rank.rank, false) as is_step_forward
    from sided
    left join systems_of_sides as wrong_side_systems on sided.wrong_side = wrong_side_systems.side
    left join systems_of_sides as right_side_systems on sided.right_side = right_side_systems.side
    left join ranks as wrong_rank on sided.wrong_stage = wrong_rank.stage
    left join ranks as expected_rank on sided.expected_stage = expected_rank.stage

),

told as (

    select
        named.*,
        {% for side in ['wrong', 'right'] -%}
        case when wrong_name = right_name then 'the ' || upper({{ side }}_side) || ' side of ' else '' end
            || {{ side }}_name as {{ side }}_called,
        coalesce({{ value_in_words(side ~ '_value', side ~ '_stage') }}, 'nothing') as {{ side }}_word,
        coalesce({{ side }}_field, 'the stage') as {{ side }}_place,
        coalesce(
            case when {{ side }}_field like 'opportunity.%' then 'opportunity ' || speaking_opportunity_id end,
            {{ side }}_record_id,
            'the person'
        ) as {{ side }}_holder,
        {% endfor -%}
        coalesce({{ value_in_words('expected_value', 'expected_stage') }}, expected_stage, 'what ' || right_name
            || ' says') as expected_word,
        wrong_systems.kind as wrong_kind,
        right_systems.kind as right_kind,
        case wrong_systems.kind
            when 'salesforce' then {{ dbt.dateadd('day', 15, 'happened_at') }} > clock.data_as_of
            when 'hubspot' then {{ dbt.dateadd('day', 90, 'happened_at') }} > clock.data_as_of
        end as can_be_restored,
        histories.crm_history,
        histories.map_history
    from named
    cross join {{ ref('int_clock') }} as clock
    left join systems as wrong_systems on named.wrong_name = wrong_systems.system
    left join systems as right_systems on named.right_name = right_systems.system
    left join {{ ref('int_histories_told') }} as histories using (person_id)

),

with_setting as (

    select
        *,
        wrong_place || ' of ' || wrong_holder || ' in ' || wrong_name || ' to ' || expected_word
        || case
            when wrong_kind = 'hubspot' and wrong_field like '%.lifecyclestage' and not is_step_forward
                then ', in two updates, one after the other, because the stage only moves forward by itself: clear it,'
                    || ' then set it'
            else ''
        end as setting
    from told

)

select
    person_id,
    cause,
    wrong_side,
    wrong_name as wrong_system,
    wrong_field,
    wrong_value,
    opportunity_id,
    expected_stage,
    expected_value,
    has_sufficient_evidence,
    case
        when cause = 'deleted_record' and found_value is not null
            then record_id || ' in ' || wrong_called || ' still points at ' || other_record_id
                || ', which was deleted in ' || right_called
                || ' on ' || {{ moment('happened_at') }} || '; ' || found_value
                || ' is the person''s live record there.'
        when cause = 'deleted_record'
            then record_id || ' in ' || wrong_called || ' was deleted on ' || {{ moment('happened_at') }} || '; '
                || other_record_id || ' in ' || right_called || ' lives on.'
        when cause = 'merged_record' and way = 'link'
            then record_id || ' in ' || wrong_called || ' still points at ' || other_record_id
                || ', which lost a merge into ' || coalesce(found_value, 'another record') || ' on '
                || {{ moment('happened_at') }} || '.'
        when cause = 'merged_record'
            then other_record_id || ' was merged into ' || record_id || ' in ' || wrong_called || ' on '
                || {{ moment('happened_at') }}
                || ', and the merge moved ' || wrong_place || '; it says ' || wrong_word || '.'
        when cause = 'conversion_gap' and way = 'link'
            then 'Lead ' || other_record_id || ' was converted in ' || right_called || '; ' || record_id
                || ' in ' || wrong_called
                || ' still points at the lead.'
        when cause = 'conversion_gap'
            then 'Lead ' || other_record_id || ' was converted in ' || right_called || ' on '
                || {{ moment('happened_at') }} || '; '
                || wrong_called || ' still says ' || wrong_word || ', which the lead said before.'
        when cause = 'duplicate_record'
            then 'The person has several records in ' || wrong_name || ': ' || record_id || ' speaks and says '
                || wrong_word || ', ' || other_record_id || ' agrees with ' || right_called || '.'
        when cause = 'missing_record'
            then 'The agreement requires a record in ' || wrong_called
                || ' from the hand-over on, and none is found by id, external id or e-mail; ' || right_holder
                || ' in '
                || right_called || ' says ' || right_word || '.'
        when cause = 'unmapped_value'
            then 'The agreement gives no meaning to "' || wrong_value || '" in ' || wrong_place || ' of '
                || wrong_name
                || case
                    when right_meaning = 'unmapped' then ', nor to "' || right_value || '" in ' || right_place
                        || ' of ' || right_name || '.'
                    else '; ' || right_called || ' says ' || right_word || '.'
                end
        when cause = 'no_contact_role'
            then 'Opportunity ' || opportunity_id || ' of the account is at ' || found_value || ' since '
                || {{ moment('happened_at') }}
                || ', as ' || right_called || ' says of the person: ' || right_word
                || '; no record of the person has a role in it.'
        when cause = 'account_push'
            then wrong_place || ' is ' || wrong_word || ' because company ' || record_id || ' is or was: '
                || coalesce(wrong_writer, 'the company sync') || ' copied it on ' || {{ moment('happened_at') }}
                || '; the person has no role in such an opportunity.'
        when cause = 'forward_only'
            then 'In ' || wrong_name || ', ' || wrong_place || ' holds ' || wrong_word || ', last written by '
                || coalesce(wrong_writer, 'a sync')
                || ', which never moves backward; ' || right_called || ' went to ' || right_word || ' on '
                || {{ moment('right_since') }} || '.'
        when cause = 'not_synced'
            then 'In ' || wrong_name || ', ' || wrong_place || ' still holds ' || wrong_word || ', which '
                || right_called || ' left on '
                || {{ moment('parted_at') }} || '; ' || right_place || ' there now says ' || right_word || '.'
        else case
            when has_sufficient_evidence then ''
            when way = 'untold' then 'insufficient: who wrote ' || wrong_word
                || ' last is not known, so a lost change and a stage that only moves forward look alike. '
            else 'insufficient: the history does not go back far enough to tell who moved. '
        end
        || 'The CRM: ' || coalesce(crm_history, 'nothing') || '. The MAP: ' || coalesce(map_history, 'nothing')
        || '. No range that the agreement allows contains both.'
    end as evidence,
    case
        when cause = 'deleted_record' and found_value is not null
            then case wrong_kind
                when 'marketo' then 'Merge ' || record_id || ' in ' || wrong_name || ' with the person whom '
                    || wrong_name || ' has for ' || found_value
                else 'Link ' || record_id || ' in ' || wrong_name || ' to ' || found_value || ' and sync it again'
            end || '; then set ' || setting || '.'
        when cause = 'deleted_record'
            then case
                when wrong_kind = 'salesforce' and can_be_restored
                    then 'Undelete ' || record_id || ' in ' || wrong_name
                        || ' (its recycle bin keeps a record for 15 days)'
                when wrong_kind = 'hubspot' and can_be_restored
                    then 'Restore ' || record_id || ' in ' || wrong_name || ' (possible for 90 days)'
                else 'Create the person in ' || wrong_name || ' again'
                    || case
                        when wrong_kind = 'salesforce' and right_kind = 'marketo' then ' (flow step Sync Person to SFDC)'
                        else ''
                    end
            end
            || ', or, if it was right to delete it, delete ' || other_record_id || ' in ' || right_name || ' too.'
        when cause = 'merged_record' and way = 'link'
            then case wrong_kind
                when 'marketo'
                    then 'Merge ' || record_id || ' in ' || wrong_name || ' with the person whom ' || wrong_name
                        || ' has for '
                        || coalesce(found_value, 'the record that survived')
                else 'Link ' || record_id || ' in ' || wrong_name || ' to '
                    || coalesce(found_value, 'the record that survived') || ' and sync it again'
            end || '; then set ' || setting || '.'
        when cause = 'merged_record'
            then 'Set back ' || setting
                || case wrong_kind when 'marketo' then ', and correct the score, which a merge sums.' else '.' end
        when cause = 'conversion_gap'
            then 'Link ' || coalesce(wrong_record_id, record_id) || ' in ' || wrong_name
                || ' to the contact that lead ' || other_record_id || ' became'
                || case wrong_kind
                    when 'marketo' then ' (force it by the flow step Sync Person to SFDC, until its SFDC Type is Contact)'
                    when 'hubspot' then ' (resync it from the Salesforce card of the record)'
                    else ''
                end
                || ', and set ' || setting || '.'
        when cause = 'duplicate_record'
            then 'Merge ' || record_id || ' with ' || other_record_id || ' in ' || wrong_name
                || ' and keep what ' || other_record_id || ' says.'
        when cause = 'missing_record'
            then case
                when wrong_kind = 'salesforce' and right_kind = 'marketo'
                    then 'Have ' || right_name || ' create ' || right_holder || ' in ' || wrong_name
                        || ' (flow step Sync Person to SFDC)'
                when wrong_kind = 'salesforce' and right_kind = 'hubspot'
                    then 'Have ' || right_name || ' create ' || right_holder || ' in ' || wrong_name
                        || ': put it on the inclusion list of the sync and resync it'
                when wrong_kind in ('hubspot', 'marketo')
                    then 'See that the sync of ' || wrong_name || ' may see ' || right_holder || ' of ' || right_name
                        || ' and creates what it sees, then change that record to start it; or create the person by hand'
                else 'Create the person in ' || wrong_name || ' from ' || right_holder || ' of ' || right_name
            end || '; if a record exists under another address, link the two.'
        when cause = 'unmapped_value'
            then 'Map "' || wrong_value || '" under stage_sources/' || coalesce(wrong_source, 'the source')
                || ' in a new version of the agreement, or as a correction if it was always meant so; or set '
                || wrong_place
                || ' to a value that is mapped, such as ' || expected_word || '.'
                || case wrong_kind when 'hubspot' then ' HubSpot takes internal names, not labels.' else '' end
        when cause = 'no_contact_role'
            then case wrong_kind
                when 'hubspot' then 'Associate contact ' || record_id || ' with deal ' || opportunity_id
                    || ' in ' || wrong_name || '.'
                else 'Add ' || record_id || ' as a contact role, primary if they lead it, to opportunity '
                    || opportunity_id || ' in ' || wrong_name || '.'
            end
        when cause = 'account_push'
            then 'Set ' || setting || '. To stop it, switch off that companies set the stage of their contacts'
                || case wrong_kind when 'hubspot' then ' (Settings, Objects, Companies: Sync lifecycle stages).' else '.' end
        when cause = 'forward_only'
            then 'Set ' || setting || '. To stop it, let a workflow clear ' || wrong_place
                || ' before it goes backward or out.'
        when cause = 'not_synced'
            then 'Set ' || setting
                || case
                    when wrong_name = right_name then '; and see why the automation that copies it left the record out.'
                    when wrong_kind = 'hubspot'
                        then '; and see in its Sync Health tab whether it failed, and whether the record has left the'
                            || ' inclusion list.'
                    when wrong_kind = 'marketo' then '; and see in its notifications why the sync has lost the change.'
                    else '; and see why the sync has lost the change.'
                end
        else 'Agree which is right. If ' || right_called || ' is, set ' || setting || '; else correct ' || right_place
            || ' of ' || right_holder || ' in ' || right_name || '.'
    end as suggested_fix,
    {{ hashed([
        'cause',
        'wrong_side',
        'wrong_name',
        'right_name',
        "case when cause in ('unmapped_value', 'account_push', 'forward_only', 'not_synced', 'conflict') then wrong_field end",
        "case when cause in ('unmapped_value', 'account_push', 'conflict') then wrong_value end",
        "case when cause in ('forward_only', 'not_synced', 'conflict') then expected_stage end",
        "case when cause in ('merged_record', 'conversion_gap') then way end",
        'has_sufficient_evidence'
    ]) }} as work_item_id
from with_setting
