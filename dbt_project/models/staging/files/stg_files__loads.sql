{{ loads_of(source('raw_files', 'extractions'), known_by='coalesce(landed_at, loaded_at)', has_api=false) }}
