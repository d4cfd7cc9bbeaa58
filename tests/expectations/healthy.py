"""A small warehouse in which every expectation holds: the columns of the published contract, made by hand.

200 people, 120 opportunities (40 won, 60 lost, 20 open), one mismatch. Loaded daily, last on 2025-07-01, a Tuesday.
"""

from pathlib import Path

import duckdb

SQL = """
create schema marts;
create schema intermediate;
create table intermediate.int_clock as
    select timestamp '2025-07-01' as known_at, timestamp '2025-06-30 22:00' as data_as_of;

create table marts.people as
select
    'p' || i as person_id, md5('mail' || i) as email_hash, 'a' || i % 50 as account_id,
    'crm' as crm_system, 'c' || i as crm_record_id, 'map' as map_system, 'm' || i as map_record_id,
    'mql' as stage, timestamp '2025-02-01' as stage_entered_at, 'mql' as crm_stage,
    if(i = 7, 'sal', 'mql') as map_stage, i <> 7 as agrees, 1 as "cycle", null::varchar as persona,
    'web' as lead_source, 'u1' as owner_id, 'sdr' as owner_team, timestamp '2025-01-01' as created_at,
    false as is_deleted, false as is_excluded
from range(200) as numbers(i);

create table marts.person_records as
select
    'p' || i as person_id, system, 'lead' as object, system || i as record_id,
    'https://example.com/' || i as record_url, 'email' as matched_by, 1.0 as confidence
from range(200) as numbers(i), (values ('crm'), ('map')) as systems(system);

create table marts.account_records as
select
    'a' || i as account_id, 'crm' as system, 'crm' || i as source_account_id,
    'https://crm.example/account/' || i as record_url,
    false as is_deleted
from range(50) as numbers(i);

create table marts.loads as
select
    system, 'people' as object, timestamp '2025-06-22' + interval (i) day as loaded_at,
    timestamp '2025-06-21 22:00' + interval (i) day as complete_through, 200::bigint as rows_landed,
    200::bigint as rows_at_source, 200::bigint as rows_held, false as is_increment, null::bigint as rows_missed,
    null::bigint as sweep_every_days, i = 9 as is_latest
from range(10) as numbers(i), (values ('crm'), ('map')) as systems(system);

create table marts.extraction_windows as
select
    'map' as system, 'people' as object, timestamp '2025-06-22' + interval (i) day as loaded_at,
    1::bigint as window_number, null::varchar as since, null::varchar as until,
    200::bigint as rows_at_source, 200::bigint as rows_fetched, true as agrees
from range(10) as numbers(i);

create table marts.volumes_by_day as
select
    system, 'people' as kind, cast(date '2024-01-01' + interval (i) day as date) as "day",
    100::bigint as volume, date '2025-07-01' as complete_until
from range(547) as numbers(i), (values ('crm'), ('map')) as systems(system);

create table marts.agreement_score as
select
    cast(date '2025-03-31' + interval (7 * i) day as date) as week, true as is_complete, cause,
    if(cause = 'all', 190, null)::bigint as agreeing,
    if(cause = 'all', 10, lost * 200)::bigint as mismatched,
    if(cause = 'all', 0.95, null)::double as score, lost::double as lost
from range(13) as numbers(i), (values ('all', 0.05), ('conflict', 0.03), ('not_synced', 0.02)) as causes(cause, lost);

create table marts.accounts as
select
    'a' || i as account_id, 'Company ' || i as name, 'company' || i || '.example' as domain,
    4::bigint as people_count, 0::bigint as open_opportunity_count, 0.0::decimal(18, 2) as won_amount
from range(50) as numbers(i);

create table marts.opportunities as
select
    'o' || i as opportunity_id, 'crm' as system, 'https://crm.example/deal/' || i as record_url,
    'a' || i % 50 as account_id, 'p' || i as person_id,
    null::varchar as pipeline, 'any' as stage, i < 100 as is_closed, i < 40 as is_won,
    100.00::decimal(18, 2) as amount, 'EUR' as currency, timestamp '2025-03-01 15:00' as created_at,
    if(i < 100, timestamp '2025-05-01', null) as closed_at
from range(120) as numbers(i);

create table marts.opportunity_people as
select 'crm' as system, 'o' || i as opportunity_id, 'p' || i as person_id, 'Buyer' as role, true as is_primary
from range(120) as numbers(i);

create table marts.stage_history as
select
    'person' as unit, 'p' || i as person_id, null::varchar as opportunity_id, 1 as "cycle",
    1 as entry_number, stage, timestamp '2025-01-01' + interval (months) month as entered_at,
    'observed' as entered_at_basis,
    if(stage = 'inquiry', timestamp '2025-03-01', null) as left_at,
    if(stage = 'mql', 'inquiry', null) as previous_stage, transition, 'lifecycle' as source, 'map' as system,
    'm' || i as record_id, stage as value, timestamp '2025-07-01' as known_at, 1 as agreement_version,
    date '2025-01-01' as entered_on
from range(200) as numbers(i), (values (1, 'inquiry', 'entry'), (2, 'mql', 'forward')) as e(months, stage, transition);

create table marts.stage_mismatches as
select
    'x7' as mismatch_id, 'p7' as person_id, 'crm' as crm_system, 'c7' as crm_record_id, 'status' as crm_field,
    'Open' as crm_value, 'mql' as crm_stage, timestamp '2025-02-01' as crm_since, 'u1' as crm_writer,
    'map' as map_system, 'm7' as map_record_id, 'lifecycle' as map_field, 'SAL' as map_value, 'sal' as map_stage,
    timestamp '2025-03-01' as map_since, 'sync' as map_writer, 'conflict' as cause, '{}' as evidence,
    'low' as severity, 'sdr' as owner_team, 'sal' as expected_stage, 'Working' as expected_value,
    'set Working' as suggested_fix, null::varchar as opportunity_id,
    timestamp '2025-03-01' as parted_at, timestamp '2025-07-01' as first_seen_at;

create table marts.mismatch_effects as
select
    'funnel' as report, 'funnel_by_month/cohort/sal/reached' as metric, 'person' as unit, date '2025-03-01' as "month",
    segment, segment_value, 10.0::double as agreed, 10.0::double as as_crm, 11.0::double as as_map,
    1.0::double as effect, false as holds, false as warns
from (values ('all', null), ('lead_source', 'web')) as segments(segment, segment_value);
"""

# A change: leads of a third system, asked by its API. All of them ten weeks ago, then daily what was new: 100 of each
# workday and none of a weekend. Each Tuesday all ids are compared, and nothing is found to be missing.
BY_API = """
insert into marts.loads
select
    'api' as system, 'lead' as object, day as loaded_at, day - interval 2 hour as complete_through,
    if(i = 0, 9000, if(isodow(day - interval 1 day) < 6, 100, 0)) as rows_landed,
    if(i = 0, 9000, null) as rows_at_source, 9500 as rows_held, i > 0 as is_increment,
    if(i > 0 and i % 7 = 0, 0, null) as rows_missed, if(i > 0, 7, null) as sweep_every_days, i = 70 as is_latest
from (select i, timestamp '2025-04-22' + interval (i) day as day from range(71) as numbers(i))
"""


def warehouse(path: Path, *changes: str) -> Path:
    """Write the healthy warehouse, then apply changes to it, in SQL."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(SQL)
        for change in changes:
            connection.execute(change)
    return path
