{{ loads_of(source('raw_marketo', 'extractions')) }}
