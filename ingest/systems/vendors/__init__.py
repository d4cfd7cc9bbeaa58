"""Systems whose exports have the shape that their vendor gives them: Salesforce, Marketo, HubSpot.

declaring  how a kind declares its raw tables; the declarations stand in `ingest.systems.salesforce`, …
exports    which files, and whether they changed
columns    the names of columns, nested ones opened, and their meaning for a raw table
relations  a file → something that DuckDB can select from
casting    a column → its declared type, or how many values cannot be
settling   the same key several times → one row
reading    the exports of a system → one typed SELECT for each raw table, or what stops it
landing    that SELECT → raw: what is new, what is unchanged
extracting how far an export reaches
names      one spelling for the names of columns
loading    all systems of one kind → the warehouse, one transaction each
"""
