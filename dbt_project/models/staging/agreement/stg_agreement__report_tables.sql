select
    version,
    report,
    table_name
from {{ source('raw_agreement', 'report_tables') }}
