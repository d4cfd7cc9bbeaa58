{{ loads_of(source('raw_salesforce', 'extractions')) }}
