{{ extractions_of(source('raw_salesforce', 'extractions'), {
    'people': ['lead', 'contact'],
    'field_values': ['lead', 'contact'],
    'field_changes': ['lead_history', 'contact_history'],
    'accounts': ['account'],
    'opportunities': ['opportunity'],
    'opportunity_changes': ['opportunity_field_history'],
    'opportunity_people': ['opportunity_contact_role'],
    'activities': ['task', 'event', 'campaign_member'],
    'campaigns': ['campaign'],
    'users': ['user', 'group'],
}) }}
