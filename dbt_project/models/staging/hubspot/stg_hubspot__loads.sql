{{ loads_of(source('raw_hubspot', 'extractions')) }}
