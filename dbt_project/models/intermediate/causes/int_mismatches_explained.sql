{% set twice = "' in two updates, one after the other: clear it, then set it to ' || expected_value" %}

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
        causes.value as found_value,
        causes.happened_at,
        causes.has_sufficient_evidence,
        compared.parted_at,
        {%- for side, other in [('wrong', 'crm'), ('right', 'map')] %}
        {%- set opposite = {'crm': 'map', 'map': 'crm'}[other] %}
        {%- for column in ['system', 'record_id', 'source', 'field', 'value', 'since', 'writer'] %}
        {%- if column in ('record_id', 'writer') %}
        case causes.wrong_side
            when 'crm' then {{ published_id('compared.' ~ other ~ '_' ~ column) }}
            else {{ published_id('compared.' ~ opposite ~ '_' ~ column) }}
        end as {{ side }}_{{ column }},
        {%- else %}
        case causes.wrong_side when 'crm' then compared.{{ other }}_{{ column }} else compared.{{ opposite }}_{{ column }} end as {{ side }}_{{ column }},
        {%- endif %}
        {%- endfor %}
        {%- endfor %}
        expected.expected_stage,
        coalesce(expected.expected_value, expected.expected_stage) as expected_word,
        expected.expected_value
    from causes
    inner join compared using (person_id)
    inner join expected using (person_id)

),

missing_systems as (

    select side, min(system) as system
    from {{ ref('stg_agreement__stage_sources') }} as stage_sources
    inner join {{ ref('int_clock') }} as clock on stage_sources.version = clock.agreement_version
    group by side

),

told as (

    select
        sided.*,
        coalesce(sided.wrong_system, missing_systems.system) as wrong_name,
        coalesce(sided.right_system, other_missing_systems.system) as right_name,
        systems.kind as wrong_kind,
        right_systems.kind as right_kind,
        histories.crm_history,
        histories.map_history
    from sided
    left join missing_systems on sided.wrong_side = missing_systems.side
    left join missing_systems as other_missing_systems on sided.right_side = other_missing_systems.side
    left join systems on coalesce(sided.wrong_system, missing_systems.system) = systems.system
    left join systems as right_systems on coalesce(sided.right_system, other_missing_systems.system) = right_systems.system
    left join {{ ref('int_histories_told') }} as histories using (person_id)

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
        when cause = 'deleted_record'
            then record_id || ' in ' || wrong_name || ' was deleted on ' || {{ moment('happened_at') }} || '; '
                || other_record_id || ' in ' || right_name || ' lives on.'
        when cause = 'merged_record' and way = 'link'
            then record_id || ' in ' || wrong_name || ' still points at ' || other_record_id
                || ', which lost a merge into ' || coalesce(found_value, 'another record') || ' on ' || {{ moment('happened_at') }} || '.'
        when cause = 'merged_record'
            then other_record_id || ' was merged into ' || record_id || ' in ' || wrong_name || ' on ' || {{ moment('happened_at') }}
                || ', and the merge moved ' || wrong_field || ' to ' || wrong_value || '.'
        when cause = 'conversion_gap' and way = 'link'
            then 'Lead ' || other_record_id || ' was converted in ' || right_name || '; ' || record_id || ' in ' || wrong_name
                || ' still points at the lead.'
        when cause = 'conversion_gap'
            then 'Lead ' || other_record_id || ' was converted in ' || right_name || '; ' || wrong_name || ' still says '
                || wrong_value || ', which the lead said before.'
        when cause = 'duplicate_record'
            then 'The person has several records in ' || wrong_name || ': ' || record_id || ' speaks and says '
                || coalesce(wrong_value, 'nothing') || ', ' || other_record_id || ' agrees with ' || right_name || '.'
        when cause = 'missing_record'
            then 'The agreement requires a record in ' || wrong_name
                || ' from the hand-over on, and none is found by id, external id or e-mail; ' || right_record_id || ' in '
                || right_name || ' says ' || coalesce(right_value, 'no stage') || '.'
        when cause = 'unmapped_value'
            then 'The agreement gives no meaning to "' || wrong_value || '" in ' || wrong_field || ' of ' || wrong_name || '.'
        when cause = 'no_contact_role'
            then 'Opportunity ' || opportunity_id || ' of the account is at ' || found_value || ' since ' || {{ moment('happened_at') }}
                || ', as ' || right_name || ' says of the person; no record of the person has a role in it.'
        when cause = 'account_push'
            then wrong_field || ' is ' || wrong_value || ' because company ' || record_id || ' is: '
                || coalesce(wrong_writer, 'the company sync') || ' copied it on ' || {{ moment('happened_at') }}
                || '; the person has no role in such an opportunity.'
        when cause = 'forward_only'
            then wrong_name || ' holds ' || wrong_value || ', last written by ' || wrong_writer || ', which never moves backward; '
                || right_name || ' went to ' || right_value || ' on ' || {{ moment('right_since') }} || '.'
        when cause = 'not_synced'
            then wrong_name || ' still holds ' || wrong_value || ', which ' || right_name || ' left on ' || {{ moment('parted_at') }}
                || '; ' || right_name || ' now says ' || right_value || '.'
        else case when has_sufficient_evidence then '' else 'insufficient: the history does not go back far enough to tell who moved. ' end
            || 'The CRM: ' || coalesce(crm_history, 'nothing') || '. The MAP: ' || coalesce(map_history, 'nothing')
            || '. No range that the agreement allows contains both.'
    end as evidence,
    case
        when cause = 'deleted_record'
            then case wrong_kind
                when 'salesforce' then 'Undelete ' || record_id || ' in ' || wrong_name || ' (its recycle bin keeps a record for 15 days)'
                when 'hubspot' then 'Restore ' || record_id || ' in ' || wrong_name || ' (possible for 90 days)'
                else 'Create the person in ' || wrong_name || ' again'
            end
            || ', or, if it was right to delete it, delete ' || other_record_id || ' in ' || right_name || ' too.'
        when cause = 'merged_record' and way = 'link'
            then 'Link ' || record_id || ' in ' || wrong_name || ' to the survivor ' || coalesce(found_value, '') || ' and sync it again'
                || case wrong_kind when 'marketo' then ' (flow step Sync Person to SFDC)' else '' end
                || '; then ' || wrong_field || ' should be ' || expected_word || '.'
        when cause = 'merged_record'
            then 'Set ' || wrong_field || ' of ' || record_id || ' back to ' || expected_word
                || case wrong_kind
                    when 'marketo' then ', and correct the score, which the merge has summed.'
                    else '.'
                end
        when cause = 'conversion_gap'
            then 'Link ' || wrong_record_id || ' in ' || wrong_name || ' to the contact that lead ' || other_record_id || ' became'
                || case wrong_kind
                    when 'marketo' then ' (flow step Sync Person to SFDC)'
                    when 'hubspot' then ' (resync it from the Salesforce card of the record)'
                    else ''
                end
                || ', and set ' || wrong_field || ' to ' || expected_word || '.'
        when cause = 'duplicate_record'
            then 'Merge ' || record_id || ' with ' || other_record_id || ' in ' || wrong_name || ' and keep what ' || other_record_id || ' says.'
        when cause = 'missing_record'
            then case wrong_kind
                when 'salesforce' then 'Have ' || right_name || ' create ' || right_record_id || ' in ' || wrong_name
                    || case right_kind when 'marketo' then ' (flow step Sync Person to SFDC)' else '' end
                when 'hubspot' then 'Put ' || right_record_id || ' of ' || right_name || ' on the inclusion list of ' || wrong_name || '''s sync'
                when 'marketo' then 'Let the sync user of ' || wrong_name || ' see ' || right_record_id || ' of ' || right_name || ', or create the person by hand'
                else 'Create the person in ' || wrong_name || ' from ' || right_record_id || ' of ' || right_name
            end || '; if a record exists under another address, link the two.'
        when cause = 'unmapped_value'
            then 'Map "' || wrong_value || '" under stage_sources/' || wrong_source || ' of the agreement (a correction if it was always meant so), or set '
                || wrong_field || ' to a value that is mapped, such as ' || expected_word || '.'
                || case wrong_kind when 'hubspot' then ' HubSpot takes internal names, not labels.' else '' end
        when cause = 'no_contact_role'
            then case wrong_kind
                when 'hubspot' then 'Associate contact ' || record_id || ' with deal ' || opportunity_id || ' in ' || wrong_name || '.'
                else 'Add ' || record_id || ' as a contact role, primary if they lead it, to opportunity ' || opportunity_id || ' in ' || wrong_name || '.'
            end
        when cause in ('account_push', 'forward_only')
            then case wrong_kind
                when 'hubspot'
                    then 'Change ' || wrong_field || ' of ' || wrong_record_id || {{ twice }}
                else 'Set ' || wrong_field || ' of ' || wrong_record_id || ' in ' || wrong_name || ' to ' || expected_word
            end
            || case cause
                when 'account_push' then '. To stop it, switch off that companies set the stage of their contacts.'
                else '; automatic updates only move it forward, so the exit needs a workflow that clears it first.'
            end
        when cause = 'not_synced'
            then 'Set ' || wrong_field || ' of ' || wrong_record_id || ' in ' || wrong_name || ' to ' || expected_word
                || case wrong_kind
                    when 'hubspot' then ', and see in its sync health whether the record has left the inclusion list.'
                    when 'marketo' then ', and see in its notifications why the sync has lost the change.'
                    else ', and see why the sync has lost the change.'
                end
        else 'Agree which is right. If ' || right_name || ' is, set ' || coalesce(wrong_field, 'the stage') || ' of ' || coalesce(wrong_record_id, 'the person')
            || ' in ' || wrong_name || ' to ' || coalesce(expected_word, 'the same') || '; else correct ' || coalesce(right_field, 'the stage') || ' in ' || right_name || '.'
    end as suggested_fix,
    {{ hashed(['cause', 'wrong_side', 'wrong_name', 'wrong_field', 'wrong_value', 'expected_stage', 'right_name']) }} as work_item_id
from told
