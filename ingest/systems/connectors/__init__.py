"""Systems that are asked by their vendor's API: what comes is complete, incremental, within the quota.

failures   what can go wrong, in one vocabulary, each with what to do next
api        one HTTP answer: asked again where that helps, refused where it does not, counted always
waiting    how long a vendor wants us to wait
spool      what has been fetched and not landed yet; an interrupted extraction goes on from there
chunks     answers of a vendor → Parquet in the spool, many records at a time
asking     every object of one system → the spool, from where the last load ended
loading    the spool → raw, with the cursors, in one transaction
landed     where the next extraction begins, as the warehouse knows it
sweeping   all ids at the source against those that are held
gone       records that their source no longer has → tombstones
kinds      kind of system → its connector

salesforce, marketo, hubspot: one package each; it knows the vendor's API and nothing of raw tables' rows.

There is no dlt here: it commits its state when a whole extraction has ended, and a first load that outlasts a day's
quota would begin anew every day.
"""
