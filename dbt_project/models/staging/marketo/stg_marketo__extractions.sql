{{ extractions_of(source('raw_marketo', 'extractions'), {
    'people': ['lead', 'activity'],
    'field_values': ['lead'],
    'field_changes': ['activity'],
    'activities': ['activity'],
    'campaigns': ['program'],
}) }}
