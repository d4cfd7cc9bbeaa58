create schema evidence;
create schema intermediate;
create schema marts;
create schema raw_agreement;
create schema raw_definitions;
create schema raw_files;
create schema raw_hubspot;
create schema raw_marketo;
create schema raw_published;
create schema raw_salesforce;
create schema raw_sources;
CREATE TABLE evidence.audits(mart VARCHAR, expectation VARCHAR, outcome VARCHAR, blocks BOOLEAN, audited_build TIMESTAMP);
CREATE TABLE evidence.builds(id VARCHAR PRIMARY KEY, status VARCHAR, started_at TIMESTAMP, finished_at TIMESTAMP);
CREATE TABLE intermediate.int_builds_numbered(build INTEGER, build_id VARCHAR, known_at TIMESTAMP, data_as_of TIMESTAMP, open_month DATE, agreement_version INTEGER, agreement_hash VARCHAR);
insert into intermediate."int_builds_numbered" values
('1', 'ac70ed6d-2f79-4260-bef6-354f99112689', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '2026-04-01', '1', '64a43d0554c18495f2ba6792f67ec4d9');
CREATE TABLE intermediate.int_corrections_remembered(build_id VARCHAR, "version" INTEGER, "source" VARCHAR, "value" VARCHAR, means VARCHAR);
CREATE TABLE intermediate.int_mismatches_seen(mismatch_id VARCHAR, first_seen_at TIMESTAMP);
insert into intermediate."int_mismatches_seen" values
('38070b04200ee4e64c1faef96bf2df40', '2026-11-24 04:16:05.202318'),
('4592983a5c27b2926d8afd26ae2f5982', '2026-11-24 04:16:05.202318');
CREATE TABLE intermediate.int_person_ids_assigned("system" VARCHAR, record_id VARCHAR, person_id VARCHAR, assigned_at TIMESTAMP);
insert into intermediate."int_person_ids_assigned" values
('marketo', '100001', '52b1afc2b3dc122f85329eb7e3bb5841', '2026-11-24 04:16:05.202318'),
('marketo', '100002', 'a25034df421f995f9817e2caf65e2534', '2026-11-24 04:16:05.202318'),
('marketo', '100003', '3b51d1e62a5d7c26f5794bacf0ff21f1', '2026-11-24 04:16:05.202318'),
('marketo', '500000000', '52b1afc2b3dc122f85329eb7e3bb5841', '2026-11-24 04:16:05.202318'),
('marketo', '500000002', '3b51d1e62a5d7c26f5794bacf0ff21f1', '2026-11-24 04:16:05.202318'),
('salesforce', '0035g0000001003AAA', '7ea6b9f84cb32db8a72a8220bd978820', '2026-11-24 04:16:05.202318'),
('salesforce', '00Q5g0000001000EAA', '52b1afc2b3dc122f85329eb7e3bb5841', '2026-11-24 04:16:05.202318'),
('salesforce', '00Q5g0000001001EAA', 'a25034df421f995f9817e2caf65e2534', '2026-11-24 04:16:05.202318');
CREATE TABLE intermediate.int_records_remembered(build_id VARCHAR, kind VARCHAR, "system" VARCHAR, record_id VARCHAR, person_id VARCHAR, state VARCHAR);
insert into intermediate."int_records_remembered" values
('ac70ed6d-2f79-4260-bef6-354f99112689', 'record', 'marketo', '100001', '52b1afc2b3dc122f85329eb7e3bb5841', 'live'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'record', 'marketo', '100002', 'a25034df421f995f9817e2caf65e2534', 'live'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'record', 'marketo', '100003', '3b51d1e62a5d7c26f5794bacf0ff21f1', 'live'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'record', 'marketo', '500000000', '52b1afc2b3dc122f85329eb7e3bb5841', 'merged'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'record', 'marketo', '500000002', '3b51d1e62a5d7c26f5794bacf0ff21f1', 'merged'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'record', 'salesforce', '0035g0000001003AAA', '7ea6b9f84cb32db8a72a8220bd978820', 'live'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'record', 'salesforce', '00Q5g0000001000EAA', '52b1afc2b3dc122f85329eb7e3bb5841', 'live'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'record', 'salesforce', '00Q5g0000001001EAA', 'a25034df421f995f9817e2caf65e2534', 'live');
CREATE TABLE intermediate.int_restatements_caused(build_id VARCHAR, table_name VARCHAR, unit VARCHAR, basis VARCHAR, "month" DATE, subject VARCHAR, measure VARCHAR, currency VARCHAR, unit_id VARCHAR, opportunity_id VARCHAR, change DECIMAL(18,2), cause VARCHAR, "system" VARCHAR, record_id VARCHAR, happened_at TIMESTAMP);
CREATE TABLE intermediate.int_shares_published(build_id VARCHAR, table_name VARCHAR, unit VARCHAR, basis VARCHAR, "month" DATE, subject VARCHAR, measure VARCHAR, currency VARCHAR, unit_id VARCHAR, change DECIMAL(18,2));
insert into intermediate."int_shares_published" values
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-01-01', 'inquiry-mql', 'converted', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-01-01', 'inquiry-mql', 'entered', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-02-01', 'mql-sal', 'entered', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-03-01', 'mql-sal', 'converted', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-03-01', 'mql-sal', 'entered', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-03-01', 'sal-sql', 'converted', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-03-01', 'sal-sql', 'entered', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-03-01', 'sql-opportunity', 'entered', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-09-01', 'inquiry-mql', 'converted', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-09-01', 'inquiry-mql', 'entered', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'cohort', '2025-09-01', 'mql-sal', 'entered', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-01-01', 'inquiry-mql', 'entered', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-02-01', 'inquiry-mql', 'converted', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-02-01', 'mql-sal', 'entered', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-03-01', 'inquiry-mql', 'converted', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-03-01', 'mql-sal', 'converted', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-03-01', 'mql-sal', 'entered', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-03-01', 'sal-sql', 'converted', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-03-01', 'sal-sql', 'entered', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-03-01', 'sql-opportunity', 'entered', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-09-01', 'inquiry-mql', 'converted', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-09-01', 'inquiry-mql', 'entered', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'conversion_rates', 'person', 'period', '2025-09-01', 'mql-sal', 'entered', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-01-01', 'inquiry', 'observed', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-01-01', 'inquiry', 'reached', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-01-01', 'mql', 'observed', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-01-01', 'mql', 'reached', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-03-01', 'mql', 'observed', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-03-01', 'mql', 'reached', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-03-01', 'sal', 'reached', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-03-01', 'sql', 'observed', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-03-01', 'sql', 'reached', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-09-01', 'inquiry', 'observed', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-09-01', 'inquiry', 'reached', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-09-01', 'mql', 'observed', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'cohort', '2025-09-01', 'mql', 'reached', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-01-01', 'inquiry', 'observed', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-01-01', 'inquiry', 'reached', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-02-01', 'mql', 'observed', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-02-01', 'mql', 'reached', null, '52b1afc2b3dc122f85329eb7e3bb5841', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-03-01', 'mql', 'observed', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-03-01', 'mql', 'reached', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-03-01', 'sal', 'reached', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-03-01', 'sql', 'observed', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-03-01', 'sql', 'reached', null, 'a25034df421f995f9817e2caf65e2534', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-09-01', 'inquiry', 'observed', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-09-01', 'inquiry', 'reached', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-09-01', 'mql', 'observed', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00'),
('ac70ed6d-2f79-4260-bef6-354f99112689', 'funnel_by_month', 'person', 'period', '2025-09-01', 'mql', 'reached', null, '3b51d1e62a5d7c26f5794bacf0ff21f1', '1.00');
CREATE TABLE marts.account_records(account_id VARCHAR, "system" VARCHAR, source_account_id VARCHAR, is_deleted BOOLEAN, matched_by VARCHAR, evidence VARCHAR);
CREATE TABLE marts.accounts(account_id VARCHAR, "system" VARCHAR, source_account_id VARCHAR, "name" VARCHAR, "domain" VARCHAR, people_count BIGINT, open_opportunity_count BIGINT, won_amount DECIMAL(18,2));
CREATE TABLE marts.agreement_score("week" DATE, is_complete BOOLEAN, cause VARCHAR, agreeing BIGINT, mismatched BIGINT, in_flight BIGINT, "unknown" BIGINT, one_system BIGINT, score DOUBLE, lost DOUBLE);
CREATE TABLE marts.definitions(term VARCHAR, kind VARCHAR, meaning VARCHAR, "owner" VARCHAR, agreement_version INTEGER, "position" INTEGER);
CREATE TABLE marts.identity_reviews(review_id VARCHAR, kind VARCHAR, person_id VARCHAR, "system" VARCHAR, "object" VARCHAR, record_id VARCHAR, other_person_id VARCHAR, other_system VARCHAR, other_object VARCHAR, other_record_id VARCHAR, probability DOUBLE, evidence VARCHAR, suggested_action VARCHAR, override_row VARCHAR);
CREATE TABLE marts.mismatch_effects(report VARCHAR, metric VARCHAR, unit VARCHAR, "month" DATE, segment VARCHAR, segment_value VARCHAR, agreed DOUBLE, as_crm DOUBLE, as_map DOUBLE, effect DOUBLE, people_disputed BIGINT, holds BOOLEAN, warns BOOLEAN);
CREATE TABLE marts.mismatch_incidents(incident_id VARCHAR, person_id VARCHAR, parted_at TIMESTAMP, met_at TIMESTAMP, cause VARCHAR, side_to_mend VARCHAR, owner_team VARCHAR, has_sufficient_evidence BOOLEAN);
CREATE TABLE marts.opportunities(opportunity_id VARCHAR, "system" VARCHAR, account_id VARCHAR, source_account_id VARCHAR, person_id VARCHAR, pipeline VARCHAR, stage VARCHAR, is_closed BOOLEAN, is_won BOOLEAN, amount DECIMAL(18,2), currency VARCHAR, amount_in_agreed_currency DECIMAL(18,2), owner_id VARCHAR, owner_team VARCHAR, created_at TIMESTAMP, closed_at TIMESTAMP, closed_on DATE, is_excluded BOOLEAN);
CREATE TABLE marts.opportunity_people("system" VARCHAR, opportunity_id VARCHAR, person_id VARCHAR, "role" VARCHAR, is_primary BOOLEAN, is_origin BOOLEAN);
CREATE TABLE marts.people(person_id VARCHAR, email_hash VARCHAR, account_id VARCHAR, account_matched_by VARCHAR, source_account_id VARCHAR, crm_system VARCHAR, crm_record_id VARCHAR, map_system VARCHAR, map_record_id VARCHAR, stage VARCHAR, stage_entered_at TIMESTAMP, crm_stage VARCHAR, map_stage VARCHAR, agrees BOOLEAN, comparison VARCHAR, "cycle" INTEGER, is_in_open_cycle BOOLEAN, persona VARCHAR, lead_source VARCHAR, owner_id VARCHAR, owner_team VARCHAR, created_at TIMESTAMP, is_deleted BOOLEAN, is_excluded BOOLEAN);
CREATE TABLE marts.person_details(person_id VARCHAR, email VARCHAR, first_name VARCHAR, last_name VARCHAR, title VARCHAR, phone VARCHAR);
CREATE TABLE marts.person_id_changes(previous_person_id VARCHAR, person_id VARCHAR, "system" VARCHAR, record_id VARCHAR, changed_at TIMESTAMP);
CREATE TABLE marts.person_records(person_id VARCHAR, "system" VARCHAR, "object" VARCHAR, record_id VARCHAR, record_url VARCHAR, matched_by VARCHAR, matched_system VARCHAR, matched_record_id VARCHAR, confidence DOUBLE, evidence VARCHAR);
CREATE TABLE marts.restated_people(restated_at TIMESTAMP, metric VARCHAR, unit VARCHAR, "month" DATE, currency VARCHAR, person_id VARCHAR, opportunity_id VARCHAR, cause VARCHAR, change DECIMAL(18,2), "system" VARCHAR, record_id VARCHAR, happened_at TIMESTAMP);
CREATE TABLE marts.restatements(restated_at TIMESTAMP, published_at TIMESTAMP, first_published_at TIMESTAMP, report VARCHAR, table_name VARCHAR, metric VARCHAR, unit VARCHAR, "month" DATE, basis VARCHAR, segment VARCHAR, segment_value VARCHAR, subject VARCHAR, measure VARCHAR, currency VARCHAR, cause VARCHAR, value_before DECIMAL(18,2), value_after DECIMAL(18,2), change DECIMAL(18,2), people BIGINT);
CREATE TABLE marts.stage_history(unit VARCHAR, person_id VARCHAR, opportunity_id VARCHAR, "cycle" INTEGER, entry_number INTEGER, stage VARCHAR, entered_at TIMESTAMP, entered_on DATE, entered_at_basis VARCHAR, left_at TIMESTAMP, previous_stage VARCHAR, transition VARCHAR, "source" VARCHAR, "system" VARCHAR, record_id VARCHAR, "value" VARCHAR, known_at TIMESTAMP, agreement_version INTEGER, moves_the_unit BOOLEAN);
CREATE TABLE marts.stage_mismatches(mismatch_id VARCHAR, person_id VARCHAR, crm_system VARCHAR, crm_record_id VARCHAR, crm_field VARCHAR, crm_value VARCHAR, crm_stage VARCHAR, crm_since TIMESTAMP, crm_writer VARCHAR, map_system VARCHAR, map_record_id VARCHAR, map_field VARCHAR, map_value VARCHAR, map_stage VARCHAR, map_since TIMESTAMP, map_writer VARCHAR, cause VARCHAR, evidence VARCHAR, has_sufficient_evidence BOOLEAN, severity VARCHAR, side_to_mend VARCHAR, owner_team VARCHAR, expected_stage VARCHAR, expected_value VARCHAR, suggested_fix VARCHAR, work_item_id VARCHAR, opportunity_id VARCHAR, parted_at TIMESTAMP, first_seen_at TIMESTAMP);
CREATE TABLE marts.work_items(work_item_id VARCHAR, cause VARCHAR, side_to_mend VARCHAR, owner_team VARCHAR, "system" VARCHAR, field VARCHAR, "value" VARCHAR, expected_stage VARCHAR, expected_value VARCHAR, people_count BIGINT, high_count BIGINT, earliest_parted_at TIMESTAMP, latest_parted_at TIMESTAMP, first_seen_at TIMESTAMP, example_mismatch_id VARCHAR, example_evidence VARCHAR, example_fix VARCHAR);
CREATE TABLE raw_agreement.conversion_windows("version" INTEGER NOT NULL, from_stage VARCHAR, to_stage VARCHAR, within_seconds BIGINT);
CREATE TABLE raw_agreement.exclusions("version" INTEGER NOT NULL, number INTEGER, field VARCHAR, "value" VARCHAR);
CREATE TABLE raw_agreement.free_mail_domains("version" INTEGER NOT NULL, "domain" VARCHAR);
CREATE TABLE raw_agreement.handoff_holidays("version" INTEGER NOT NULL, handoff VARCHAR, holiday DATE);
CREATE TABLE raw_agreement.handoff_rejections("version" INTEGER NOT NULL, handoff VARCHAR, rejection VARCHAR);
CREATE TABLE raw_agreement.handoff_stops("version" INTEGER NOT NULL, handoff VARCHAR, stops_on VARCHAR);
CREATE TABLE raw_agreement.handoff_touch_kinds("version" INTEGER NOT NULL, handoff VARCHAR, kind VARCHAR);
CREATE TABLE raw_agreement.handoffs("version" INTEGER NOT NULL, handoff VARCHAR, from_stage VARCHAR, to_stage VARCHAR, starts_on VARCHAR, within_seconds BIGINT, calendar_days VARCHAR, calendar_from VARCHAR, calendar_to VARCHAR, calendar_timezone VARCHAR);
CREATE TABLE raw_agreement."identity"("version" INTEGER NOT NULL, names_in_a_mailbox INTEGER, names_at_a_domain INTEGER, review_from DOUBLE, merge_from DOUBLE);
CREATE TABLE raw_agreement.persona_patterns("version" INTEGER NOT NULL, persona VARCHAR, field VARCHAR, pattern VARCHAR);
CREATE TABLE raw_agreement.personas("version" INTEGER NOT NULL, persona VARCHAR, "position" INTEGER, meaning VARCHAR);
CREATE TABLE raw_agreement.rates("version" INTEGER NOT NULL, currency VARCHAR, rate DOUBLE);
CREATE TABLE raw_agreement.record_requirements("version" INTEGER NOT NULL, stage VARCHAR, rank INTEGER, side VARCHAR);
CREATE TABLE raw_agreement.rejection_reasons("version" INTEGER NOT NULL, "value" VARCHAR, reason VARCHAR);
CREATE TABLE raw_agreement.report_tables("version" INTEGER NOT NULL, report VARCHAR, table_name VARCHAR);
CREATE TABLE raw_agreement.reports("version" INTEGER NOT NULL, report VARCHAR, "owner" VARCHAR, holds_over_relative DOUBLE, holds_over_absolute DOUBLE);
CREATE TABLE raw_agreement.rule_campaigns("version" INTEGER NOT NULL, "source" VARCHAR, number INTEGER, campaign VARCHAR);
CREATE TABLE raw_agreement.rule_conditions("version" INTEGER NOT NULL, "source" VARCHAR, number INTEGER, kind VARCHAR, threshold DOUBLE, activity_kind VARCHAR);
CREATE TABLE raw_agreement.shared_mailboxes("version" INTEGER NOT NULL, mailbox VARCHAR);
CREATE TABLE raw_agreement.side_owners("version" INTEGER NOT NULL, side VARCHAR, team VARCHAR);
CREATE TABLE raw_agreement.signatures("version" INTEGER NOT NULL, team VARCHAR, "role" VARCHAR, signed_on DATE);
CREATE TABLE raw_agreement.source_values("version" INTEGER NOT NULL, "source" VARCHAR, "value" VARCHAR, meaning VARCHAR, stage VARCHAR, rank INTEGER, from_rank INTEGER, to_rank INTEGER, is_correction BOOLEAN);
CREATE TABLE raw_agreement.source_writers("version" INTEGER NOT NULL, "source" VARCHAR, writer VARCHAR, kind VARCHAR);
CREATE TABLE raw_agreement.stage_authority("version" INTEGER NOT NULL, stage VARCHAR, "source" VARCHAR, "position" INTEGER);
CREATE TABLE raw_agreement.stage_sources("version" INTEGER NOT NULL, "source" VARCHAR, "position" INTEGER, "system" VARCHAR, side VARCHAR, kind VARCHAR, "object" VARCHAR, field VARCHAR, people VARCHAR, reason_field VARCHAR, enters VARCHAR, speaks_until VARCHAR, speaks_until_rank INTEGER);
CREATE TABLE raw_agreement.stages("version" INTEGER NOT NULL, stage VARCHAR, kind VARCHAR, rank INTEGER, "owner" VARCHAR, unit VARCHAR, meaning VARCHAR, reopens BOOLEAN, is_last BOOLEAN);
CREATE TABLE raw_agreement.syncs("version" INTEGER NOT NULL, "system" VARCHAR, other_system VARCHAR, within_seconds BIGINT);
CREATE TABLE raw_agreement.team_members("version" INTEGER NOT NULL, team VARCHAR, member VARCHAR);
CREATE TABLE raw_agreement.terms("version" INTEGER NOT NULL, term VARCHAR, kind VARCHAR, meaning VARCHAR, "owner" VARCHAR);
CREATE TABLE raw_agreement.versions("version" INTEGER NOT NULL, effective_from TIMESTAMP, in_force_from TIMESTAMP, in_force_until TIMESTAMP, timezone VARCHAR, currency VARCHAR, undo_within_seconds BIGINT, idle_ends_seconds BIGINT, source_file VARCHAR, content_hash VARCHAR);
CREATE TABLE raw_definitions.files("name" VARCHAR, file VARCHAR, "content" BLOB, loaded_at TIMESTAMP);
CREATE TABLE raw_files.accounts("system" VARCHAR, account_id VARCHAR, "name" VARCHAR, "domain" VARCHAR, industry VARCHAR, employees BIGINT, country VARCHAR, parent_account_id VARCHAR, owner_id VARCHAR, created_at TIMESTAMP, created_on DATE, is_deleted BOOLEAN, linked_system VARCHAR, linked_record_id VARCHAR, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.activities("system" VARCHAR, activity_id VARCHAR, record_id VARCHAR, kind VARCHAR, side VARCHAR, channel VARCHAR, campaign_id VARCHAR, direction VARCHAR, occurred_at TIMESTAMP, occurred_on DATE, owner_id VARCHAR, is_completed BOOLEAN, is_automated BOOLEAN, linked_system VARCHAR, linked_record_id VARCHAR, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.campaigns("system" VARCHAR, campaign_id VARCHAR, "name" VARCHAR, channel VARCHAR, "cost" DECIMAL(18,2), currency VARCHAR, started_on DATE, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.extractions("system" VARCHAR, "object" VARCHAR, loaded_at TIMESTAMP, loaded_on DATE, complete_through TIMESTAMP, rows_landed BIGINT, rows_at_source BIGINT, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, landed_at TIMESTAMP);
CREATE TABLE raw_files.field_changes("system" VARCHAR, change_id VARCHAR, record_id VARCHAR, "object" VARCHAR, field VARCHAR, old_value VARCHAR, new_value VARCHAR, changed_at TIMESTAMP, changed_on DATE, changed_by VARCHAR, writer VARCHAR, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.field_values("system" VARCHAR, record_id VARCHAR, "object" VARCHAR, field VARCHAR, "value" VARCHAR, set_at TIMESTAMP, set_on DATE, writer VARCHAR, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.opportunities("system" VARCHAR, opportunity_id VARCHAR, account_id VARCHAR, person_system VARCHAR, person_record_id VARCHAR, "name" VARCHAR, pipeline VARCHAR, record_type VARCHAR, stage_value VARCHAR, amount DECIMAL(18,2), currency VARCHAR, is_closed BOOLEAN, is_won BOOLEAN, created_at TIMESTAMP, created_on DATE, closed_at TIMESTAMP, closed_on DATE, close_on DATE, owner_id VARCHAR, updated_at TIMESTAMP, updated_on DATE, is_deleted BOOLEAN, linked_system VARCHAR, linked_record_id VARCHAR, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.opportunity_changes("system" VARCHAR, change_id VARCHAR, opportunity_id VARCHAR, old_value VARCHAR, new_value VARCHAR, changed_at TIMESTAMP, changed_on DATE, changed_by VARCHAR, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.opportunity_people("system" VARCHAR, opportunity_id VARCHAR, record_id VARCHAR, "role" VARCHAR, is_primary BOOLEAN, added_at TIMESTAMP, added_on DATE, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.people("system" VARCHAR, record_id VARCHAR, "object" VARCHAR, email VARCHAR, first_name VARCHAR, last_name VARCHAR, title VARCHAR, company VARCHAR, "domain" VARCHAR, phone VARCHAR, country VARCHAR, region VARCHAR, lead_source VARCHAR, owner_id VARCHAR, account_id VARCHAR, score DOUBLE, created_at TIMESTAMP, created_on DATE, updated_at TIMESTAMP, updated_on DATE, is_deleted BOOLEAN, converted_to_record_id VARCHAR, converted_at TIMESTAMP, converted_on DATE, converted_opportunity_id VARCHAR, merged_into_record_id VARCHAR, linked_system VARCHAR, linked_record_id VARCHAR, external_id VARCHAR, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.rejected_rows("system" VARCHAR, table_name VARCHAR, source_file VARCHAR, record_number BIGINT, column_name VARCHAR, "value" VARCHAR, reason VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_files.users("system" VARCHAR, user_id VARCHAR, "name" VARCHAR, email VARCHAR, kind VARCHAR, is_active BOOLEAN, source_file VARCHAR, record_number BIGINT, content_hash VARCHAR, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.association("system" VARCHAR, from_object VARCHAR, from_id VARCHAR, to_object VARCHAR, to_id VARCHAR, type_id VARCHAR, category VARCHAR, "label" VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.company("system" VARCHAR, id VARCHAR, "name" VARCHAR, "domain" VARCHAR, industry VARCHAR, numberofemployees BIGINT, country VARCHAR, lifecyclestage VARCHAR, hs_parent_company_id VARCHAR, hubspot_owner_id VARCHAR, salesforceaccountid VARCHAR, createdate TIMESTAMP, hs_lastmodifieddate TIMESTAMP, archived BOOLEAN, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.company_property_history("system" VARCHAR, company_id VARCHAR, "name" VARCHAR, "timestamp" TIMESTAMP, "value" VARCHAR, "source" VARCHAR, source_id VARCHAR, updated_by_user_id VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.contact("system" VARCHAR, id VARCHAR, email VARCHAR, firstname VARCHAR, lastname VARCHAR, jobtitle VARCHAR, company VARCHAR, phone VARCHAR, country VARCHAR, state VARCHAR, lifecyclestage VARCHAR, hs_lead_status VARCHAR, hubspotscore DOUBLE, hubspot_owner_id VARCHAR, associatedcompanyid VARCHAR, hs_merged_object_ids VARCHAR, hs_analytics_source VARCHAR, salesforceleadid VARCHAR, salesforcecontactid VARCHAR, salesforceaccountid VARCHAR, salesforcelastsynctime TIMESTAMP, createdate TIMESTAMP, lastmodifieddate TIMESTAMP, archived BOOLEAN, archived_at TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.contact_merge_audit("system" VARCHAR, contact_id VARCHAR, vid_to_merge VARCHAR, "timestamp" TIMESTAMP, user_id VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.contact_property_history("system" VARCHAR, contact_id VARCHAR, "name" VARCHAR, "timestamp" TIMESTAMP, "value" VARCHAR, "source" VARCHAR, source_id VARCHAR, updated_by_user_id VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.deal("system" VARCHAR, id VARCHAR, dealname VARCHAR, pipeline VARCHAR, dealstage VARCHAR, amount DECIMAL(18,2), deal_currency_code VARCHAR, closedate TIMESTAMP, hs_is_closed BOOLEAN, hs_is_closed_won BOOLEAN, hubspot_owner_id VARCHAR, hs_merged_object_ids VARCHAR, createdate TIMESTAMP, hs_lastmodifieddate TIMESTAMP, archived BOOLEAN, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.deal_property_history("system" VARCHAR, deal_id VARCHAR, "name" VARCHAR, "timestamp" TIMESTAMP, "value" VARCHAR, "source" VARCHAR, source_id VARCHAR, updated_by_user_id VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.email_campaign("system" VARCHAR, id VARCHAR, "name" VARCHAR, subject VARCHAR, "type" VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.email_event("system" VARCHAR, id VARCHAR, recipient VARCHAR, "type" VARCHAR, created TIMESTAMP, email_campaign_id VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.engagement("system" VARCHAR, id VARCHAR, "type" VARCHAR, hs_timestamp TIMESTAMP, hs_createdate TIMESTAMP, hs_lastmodifieddate TIMESTAMP, hubspot_owner_id VARCHAR, hs_call_direction VARCHAR, hs_call_status VARCHAR, hs_email_direction VARCHAR, hs_meeting_outcome VARCHAR, hs_task_status VARCHAR, hs_task_type VARCHAR, hs_object_source VARCHAR, archived BOOLEAN, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.extractions("system" VARCHAR, "object" VARCHAR, loaded_at TIMESTAMP, complete_through TIMESTAMP, rows_landed BIGINT, rows_at_source BIGINT);
CREATE TABLE raw_hubspot.form_submission("system" VARCHAR, contact_id VARCHAR, conversion_id VARCHAR, form_id VARCHAR, "timestamp" TIMESTAMP, title VARCHAR, page_url VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot."owner"("system" VARCHAR, id VARCHAR, email VARCHAR, first_name VARCHAR, last_name VARCHAR, "type" VARCHAR, user_id VARCHAR, archived BOOLEAN, created_at TIMESTAMP, updated_at TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.pipeline("system" VARCHAR, id VARCHAR, "label" VARCHAR, display_order BIGINT, archived BOOLEAN, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_hubspot.pipeline_stage("system" VARCHAR, pipeline_id VARCHAR, id VARCHAR, "label" VARCHAR, display_order BIGINT, is_closed BOOLEAN, closed_won BOOLEAN, probability DOUBLE, archived BOOLEAN, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_marketo.activity("system" VARCHAR, marketo_guid VARCHAR, lead_id VARCHAR, activity_date TIMESTAMP, activity_type_id BIGINT, campaign_id VARCHAR, primary_attribute_value_id VARCHAR, primary_attribute_value VARCHAR, attributes VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_marketo."activity" values
('marketo', '1', '100001', '2025-01-20 07:39:25', '2', null, '1004', 'Autumn Webinar', '{"Webpage ID":1,"Form Fields":"email,company"}', null, '16913175861178634304', '2026-11-24 04:16:04.02015'),
('marketo', '10', '100001', '2025-01-28 18:54:44', '10', null, '1008', 'Newsletter 0', '{}', null, '3579600514095988257', '2026-11-24 04:16:04.02015'),
('marketo', '11', '100001', '2025-01-31 07:39:25', '32', null, '100001', 'Ravi Costa', '{"Merge IDs":"[500000000]","Master Updated":true,"Merged in Sales":false,"Merge Source":"leaddb"}', null, '4379918702800710635', '2026-11-24 04:16:04.02015'),
('marketo', '12', '100001', '2025-01-31 09:50:03', '2', null, '1002', 'Pricing Guide', '{"Webpage ID":1,"Form Fields":"email,company"}', null, '5804339596687340134', '2026-11-24 04:16:04.02015'),
('marketo', '13', '100001', '2025-01-31 09:50:06', '104', null, '1002', 'Pricing Guide', '{"Program ID":1002,"New Status":"Filled-Out Form","Old Status":"Not in Program","Success":true}', null, '8854620534059745134', '2026-11-24 04:16:04.02015'),
('marketo', '14', '100001', '2025-02-01 21:09:32', '101', '2002', '1', 'Revenue Model', '{"Old Stage ID":101,"Old Stage":"Engaged","New Stage ID":102,"New Stage":"MQL","Reason":"Triggered by campaign"}', null, '2623466876609628167', '2026-11-24 04:16:04.02015'),
('marketo', '15', '100001', '2025-02-04 10:11:24', '11', null, '1008', 'Newsletter 0', '{}', null, '15807205394373045767', '2026-11-24 04:16:04.02015'),
('marketo', '16', '100001', '2025-02-12 09:02:45', '10', null, '1006', 'Newsletter 0', '{}', null, '14473558787163219301', '2026-11-24 04:16:04.02015'),
('marketo', '17', '100001', '2025-02-12 10:56:15', '2', null, '1003', 'Newsletter', '{"Webpage ID":1,"Form Fields":"email,company"}', null, '17229049983886065757', '2026-11-24 04:16:04.02015'),
('marketo', '18', '100001', '2025-02-25 10:16:07', '11', null, '1004', 'Newsletter 0', '{}', null, '12284046906506712024', '2026-11-24 04:16:04.02015'),
('marketo', '19', '100001', '2025-02-27 16:50:45', '10', null, '1002', 'Newsletter 0', '{}', null, '7592452446792893274', '2026-11-24 04:16:04.02015'),
('marketo', '2', '100001', '2025-01-20 07:39:25', '12', null, '100001', null, '{"Source Type":"Web form fillout"}', null, '495183272891811510', '2026-11-24 04:16:04.02015'),
('marketo', '20', '100001', '2025-03-11 18:27:16', '10', null, '1004', 'Newsletter 0', '{}', null, '10920296100267523419', '2026-11-24 04:16:04.02015'),
('marketo', '21', '100002', '2025-03-19 07:18:21', '12', null, '100002', null, '{"Source Type":"Web form fillout"}', null, '13169601871385860677', '2026-11-24 04:16:04.02015'),
('marketo', '22', '100002', '2025-03-19 07:18:31', '2', null, '1001', 'Demo Request', '{"Webpage ID":2,"Form Fields":"email,company"}', null, '1722206963839243507', '2026-11-24 04:16:04.02015'),
('marketo', '23', '100002', '2025-03-19 07:18:31', '101', '2002', '1', 'Revenue Model', '{"New Stage ID":102,"New Stage":"MQL","Reason":"Triggered by campaign"}', null, '7487727107061416949', '2026-11-24 04:16:04.02015'),
('marketo', '24', '100002', '2025-03-19 07:18:34', '104', null, '1001', 'Demo Request', '{"Program ID":1001,"New Status":"Filled-Out Form","Old Status":"Not in Program","Success":true}', null, '480248639401800206', '2026-11-24 04:16:04.02015'),
('marketo', '25', '100002', '2025-03-19 07:18:36', '46', null, null, 'Web', '{"Description":"Asked for a demo","Source":"Campaign"}', null, '7509088999786873319', '2026-11-24 04:16:04.02015'),
('marketo', '26', '100002', '2025-03-20 11:57:22', '10', null, '1006', 'Newsletter 1', '{}', null, '18295323070267052538', '2026-11-24 04:16:04.02015'),
('marketo', '27', '100002', '2025-03-20 12:59:24', '11', null, '1002', 'Newsletter 1', '{}', null, '2178643600533102697', '2026-11-24 04:16:04.02015'),
('marketo', '28', '100002', '2025-03-20 13:44:42', '10', null, '1004', 'Newsletter 1', '{}', null, '16933863140781607913', '2026-11-24 04:16:04.02015'),
('marketo', '29', '100002', '2025-03-24 05:16:36', '10', null, '1008', 'Newsletter 1', '{}', null, '4312643979725139664', '2026-11-24 04:16:04.02015'),
('marketo', '3', '100001', '2025-01-20 07:39:25', '101', '2002', '1', 'Revenue Model', '{"New Stage ID":101,"New Stage":"Engaged","Reason":"Triggered by campaign"}', null, '12417540738722163280', '2026-11-24 04:16:04.02015'),
('marketo', '30', '100002', '2025-03-24 07:19:15', '10', null, '1008', 'Newsletter 1', '{}', null, '18038704757499029606', '2026-11-24 04:16:04.02015'),
('marketo', '31', '100002', '2025-03-24 09:35:16', '10', null, '1006', 'Newsletter 1', '{}', null, '14870075185066221669', '2026-11-24 04:16:04.02015'),
('marketo', '32', '100002', '2025-03-25 11:24:24', '101', '2003', '1', 'Revenue Model', '{"Old Stage ID":102,"Old Stage":"MQL","New Stage ID":104,"New Stage":"SQL","Reason":"Sync from SFDC"}', null, '16649293705976058508', '2026-11-24 04:16:04.02015'),
('marketo', '33', '100002', '2025-03-31 10:06:13', '2', null, '1007', 'Partner Days', '{"Webpage ID":2,"Form Fields":"email,company"}', null, '9290143781785559618', '2026-11-24 04:16:04.02015'),
('marketo', '34', '100002', '2025-03-31 10:06:16', '104', null, '1007', 'Partner Days', '{"Program ID":1007,"New Status":"Filled-Out Form","Old Status":"Not in Program","Success":true}', null, '8422115600861583686', '2026-11-24 04:16:04.02015'),
('marketo', '35', '100002', '2025-04-02 07:32:08', '2', null, '1005', 'Hannover Fair', '{"Webpage ID":2,"Form Fields":"email,company"}', null, '8069678671016984405', '2026-11-24 04:16:04.02015'),
('marketo', '36', '100002', '2025-04-02 07:32:11', '104', null, '1005', 'Hannover Fair', '{"Program ID":1005,"New Status":"Filled-Out Form","Old Status":"Not in Program","Success":true}', null, '14917601063793527011', '2026-11-24 04:16:04.02015'),
('marketo', '37', '100002', '2025-04-04 23:38:55', '11', null, '1003', 'Newsletter 1', '{}', null, '4479285542421463735', '2026-11-24 04:16:04.02015'),
('marketo', '38', '100002', '2025-04-07 17:01:54', '10', null, '1007', 'Newsletter 1', '{}', null, '15954584007954630421', '2026-11-24 04:16:04.02015'),
('marketo', '39', '100002', '2025-04-14 13:21:15', '11', null, '1007', 'Newsletter 1', '{}', null, '447032148308389789', '2026-11-24 04:16:04.02015'),
('marketo', '4', '100001', '2025-01-20 07:39:28', '104', null, '1004', 'Autumn Webinar', '{"Program ID":1004,"New Status":"Filled-Out Form","Old Status":"Not in Program","Success":true}', null, '9194330917119828790', '2026-11-24 04:16:04.02015'),
('marketo', '40', '100002', '2025-04-14 14:10:24', '10', null, '1008', 'Newsletter 1', '{}', null, '3420926008168397258', '2026-11-24 04:16:04.02015'),
('marketo', '41', '100002', '2025-04-15 10:00:16', '10', null, '1002', 'Newsletter 1', '{}', null, '13446040581676157806', '2026-11-24 04:16:04.02015'),
('marketo', '42', '100002', '2025-04-15 10:00:44', '10', null, '1007', 'Newsletter 1', '{}', null, '7666776048939695992', '2026-11-24 04:16:04.02015'),
('marketo', '43', '100002', '2025-04-18 16:32:13', '10', null, '1003', 'Newsletter 1', '{}', null, '1092416900298824343', '2026-11-24 04:16:04.02015'),
('marketo', '44', '100002', '2025-04-23 16:06:56', '101', '2003', '1', 'Revenue Model', '{"Old Stage ID":104,"Old Stage":"SQL","New Stage ID":107,"New Stage":"Recycled","Reason":"Sync from SFDC"}', null, '2916679352741077832', '2026-11-24 04:16:04.02015'),
('marketo', '45', '100002', '2025-04-25 07:31:59', '10', null, '1005', 'Newsletter 1', '{}', null, '12979070025323235525', '2026-11-24 04:16:04.02015'),
('marketo', '46', '100002', '2025-04-29 15:16:44', '11', null, '1005', 'Newsletter 1', '{}', null, '11698261740934663525', '2026-11-24 04:16:04.02015'),
('marketo', '47', '100002', '2025-05-01 12:34:04', '11', null, '1003', 'Newsletter 1', '{}', null, '4039805948843447675', '2026-11-24 04:16:04.02015'),
('marketo', '48', '100003', '2025-09-02 10:07:47', '2', null, '1006', 'Benchmark Report', '{"Webpage ID":3,"Form Fields":"email,company"}', null, '1197493926789057668', '2026-11-24 04:16:04.02015'),
('marketo', '49', '100003', '2025-09-02 10:07:47', '12', null, '100003', null, '{"Source Type":"Web form fillout"}', null, '5715573216656632490', '2026-11-24 04:16:04.02015'),
('marketo', '5', '100001', '2025-01-22 21:50:30', '11', null, '1007', 'Newsletter 0', '{}', null, '9096005607599654597', '2026-11-24 04:16:04.02015'),
('marketo', '50', '100003', '2025-09-02 10:07:47', '101', '2002', '1', 'Revenue Model', '{"New Stage ID":101,"New Stage":"Engaged","Reason":"Triggered by campaign"}', null, '13853832140676010464', '2026-11-24 04:16:04.02015'),
('marketo', '51', '100003', '2025-09-02 10:07:50', '104', null, '1006', 'Benchmark Report', '{"Program ID":1006,"New Status":"Filled-Out Form","Old Status":"Not in Program","Success":true}', null, '2749918856267248134', '2026-11-24 04:16:04.02015'),
('marketo', '52', '100003', '2025-09-02 22:23:30', '10', null, '1003', 'Newsletter 2', '{}', null, '6742200068723145888', '2026-11-24 04:16:04.02015'),
('marketo', '53', '100003', '2025-09-03 08:08:37', '10', null, '1008', 'Newsletter 2', '{}', null, '18134046036220386079', '2026-11-24 04:16:04.02015'),
('marketo', '54', '100003', '2025-09-04 22:55:11', '101', '2002', '1', 'Revenue Model', '{"Old Stage ID":101,"Old Stage":"Engaged","New Stage ID":102,"New Stage":"MQL","Reason":"Triggered by campaign"}', null, '10955644257404739508', '2026-11-24 04:16:04.02015'),
('marketo', '55', '100003', '2025-09-09 06:03:15', '10', null, '1006', 'Newsletter 2', '{}', null, '15868508290476738545', '2026-11-24 04:16:04.02015'),
('marketo', '56', '100003', '2025-09-13 10:07:47', '32', null, '100003', 'Mei O''Neill', '{"Merge IDs":"[500000002]","Master Updated":true,"Merged in Sales":false,"Merge Source":"leaddb"}', null, '4169368395647982202', '2026-11-24 04:16:04.02015'),
('marketo', '57', '100003', '2025-09-14 11:28:24', '10', null, '1008', 'Newsletter 2', '{}', null, '14488971388724225895', '2026-11-24 04:16:04.02015'),
('marketo', '58', '100003', '2025-09-16 08:06:22', '10', null, '1006', 'Newsletter 2', '{}', null, '11526486019492741157', '2026-11-24 04:16:04.02015'),
('marketo', '6', '100001', '2025-01-23 06:09:01', '11', null, '1003', 'Newsletter 0', '{}', null, '2244747274802935508', '2026-11-24 04:16:04.02015'),
('marketo', '7', '100001', '2025-01-27 13:52:42', '11', null, '1003', 'Newsletter 0', '{}', null, '1182880277203383014', '2026-11-24 04:16:04.02015'),
('marketo', '8', '100001', '2025-01-28 12:51:45', '2', null, '1003', 'Newsletter', '{"Webpage ID":1,"Form Fields":"email,company"}', null, '9249012808792207647', '2026-11-24 04:16:04.02015'),
('marketo', '9', '100001', '2025-01-28 12:51:48', '104', null, '1003', 'Newsletter', '{"Program ID":1003,"New Status":"Filled-Out Form","Old Status":"Not in Program","Success":true}', null, '18372037819570802660', '2026-11-24 04:16:04.02015');
CREATE TABLE raw_marketo.activity_type("system" VARCHAR, id BIGINT, "name" VARCHAR, description VARCHAR, primary_attribute_name VARCHAR, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_marketo."activity_type" values
('marketo', '1', 'Visit Webpage', null, 'Webpage ID', null, '7747232105764262627', '2026-11-24 04:16:04.02015'),
('marketo', '10', 'Open Email', null, 'Mailing ID', null, '16381761186864710063', '2026-11-24 04:16:04.02015'),
('marketo', '101', 'Change Revenue Stage', null, 'Model ID', null, '13274150026006197448', '2026-11-24 04:16:04.02015'),
('marketo', '104', 'Change Status in Progression', null, 'Program ID', null, '15474396485210603899', '2026-11-24 04:16:04.02015'),
('marketo', '11', 'Click Email', null, 'Mailing ID', null, '4267538766247964657', '2026-11-24 04:16:04.02015'),
('marketo', '12', 'New Lead', null, null, null, '3445291269251991769', '2026-11-24 04:16:04.02015'),
('marketo', '13', 'Change Data Value', null, 'Attribute Name', null, '8474168294643978754', '2026-11-24 04:16:04.02015'),
('marketo', '2', 'Fill Out Form', null, 'Webform ID', null, '11281541789109258172', '2026-11-24 04:16:04.02015'),
('marketo', '21', 'Convert Lead', null, null, null, '13566895178236118404', '2026-11-24 04:16:04.02015'),
('marketo', '22', 'Change Score', null, 'Score Name', null, '7639243755757908735', '2026-11-24 04:16:04.02015'),
('marketo', '32', 'Merge Leads', null, 'Lead ID', null, '11638716165721637457', '2026-11-24 04:16:04.02015'),
('marketo', '34', 'Add to Opportunity', null, 'Opty ID', null, '17712381429906550063', '2026-11-24 04:16:04.02015'),
('marketo', '35', 'Remove from Opportunity', null, 'Opty ID', null, '14109266047793807532', '2026-11-24 04:16:04.02015'),
('marketo', '36', 'Update Opportunity', null, 'Opty ID', null, '11153374546738612954', '2026-11-24 04:16:04.02015'),
('marketo', '37', 'Delete Lead', null, 'Lead ID', null, '13097590224073881869', '2026-11-24 04:16:04.02015'),
('marketo', '46', 'Interesting Moment', null, 'Type', null, '12209290406058335081', '2026-11-24 04:16:04.02015'),
('marketo', '7', 'Email Delivered', null, 'Mailing ID', null, '1754811291864711348', '2026-11-24 04:16:04.02015');
CREATE TABLE raw_marketo.campaign("system" VARCHAR, id VARCHAR, "name" VARCHAR, "type" VARCHAR, program_id VARCHAR, active BOOLEAN, created_at TIMESTAMP, updated_at TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_marketo."campaign" values
('marketo', '2001', 'Scoring', 'trigger', null, 'true', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '10202813923709949509', '2026-11-24 04:16:04.02015'),
('marketo', '2002', 'Lifecycle', 'trigger', null, 'true', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '16177120997640941006', '2026-11-24 04:16:04.02015'),
('marketo', '2003', 'Lifecycle from SFDC', 'trigger', null, 'true', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '13693152533950739079', '2026-11-24 04:16:04.02015');
CREATE TABLE raw_marketo.extractions("system" VARCHAR, "object" VARCHAR, loaded_at TIMESTAMP, complete_through TIMESTAMP, rows_landed BIGINT, rows_at_source BIGINT);
insert into raw_marketo."extractions" values
('marketo', 'activity', '2026-11-24 04:16:04.02015', '2026-03-31 22:00:00', '58', '58'),
('marketo', 'activity_type', '2026-11-24 04:16:04.02015', '2026-03-31 22:00:00', '17', '17'),
('marketo', 'campaign', '2026-11-24 04:16:04.02015', '2026-03-31 22:00:00', '3', '3'),
('marketo', 'lead', '2026-11-24 04:16:04.02015', '2026-03-31 22:00:00', '3', '3'),
('marketo', 'program', '2026-11-24 04:16:04.02015', '2026-03-31 22:00:00', '8', '8'),
('marketo', 'program_member', '2026-11-24 04:16:04.02015', '2026-03-31 22:00:00', '7', '7');
CREATE TABLE raw_marketo.lead("system" VARCHAR, id VARCHAR, email VARCHAR, first_name VARCHAR, last_name VARCHAR, title VARCHAR, company VARCHAR, phone VARCHAR, country VARCHAR, state VARCHAR, website VARCHAR, lead_source VARCHAR, lead_status VARCHAR, lead_score DOUBLE, lead_revenue_cycle_model_id VARCHAR, lead_revenue_stage_id VARCHAR, sfdc_type VARCHAR, sfdc_lead_id VARCHAR, sfdc_contact_id VARCHAR, sfdc_account_id VARCHAR, original_source_type VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_marketo."lead" values
('marketo', '100001', 'ravi.costa0@blue-logistics1.example', 'Ravi', 'Costa', 'Intern', 'Blue Logistics 1 AG', '+49 30 50000000', 'Germany', null, null, 'Referral', 'Open - Not Contacted', '85.0', '1', '102', 'Lead', '00Q5g0000001000EAA', null, null, 'Web form fillout', '2025-01-20 07:39:25', '2025-02-01 21:12:38', null, '3261760553729244510', '2026-11-24 04:16:04.02015'),
('marketo', '100002', 'anna.sahin1+news@nordic-logistics1.example', 'Anna', 'Şahin', 'Director Operations', 'Nordic Logistics 1 GmbH', '+49 30 50000001', 'United States', null, null, 'Paid Search', 'Nurture', '20.0', '1', '107', 'Lead', '00Q5g0000001001EAA', null, null, 'Web form fillout', '2025-03-19 07:18:21', '2025-04-23 16:07:56', null, '10563814952371704846', '2026-11-24 04:16:04.02015'),
('marketo', '100003', 'mei.oneill2@blue-logistics1.example', 'Mei', 'O''Neill', 'Demand Generation Lead', 'Blue Logistics 1 AG', '+49 30 50000002', 'Netherlands', null, null, 'Webinar', null, '75.0', '1', '102', null, null, null, null, 'Web form fillout', '2025-09-02 10:07:47', '2025-09-13 10:07:47', null, '17199136806057918244', '2026-11-24 04:16:04.02015');
CREATE TABLE raw_marketo."program"("system" VARCHAR, id VARCHAR, "name" VARCHAR, "type" VARCHAR, channel VARCHAR, status VARCHAR, "cost" DECIMAL(18,2), start_date TIMESTAMP, end_date TIMESTAMP, sfdc_id VARCHAR, workspace VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_marketo."program" values
('marketo', '1001', 'Demo Request', 'Default', 'Web', 'active', '4000.00', '2024-09-30 01:16:12', null, '7015g0000000001AAA', 'Default', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '4847633993701605487', '2026-11-24 04:16:04.02015'),
('marketo', '1002', 'Pricing Guide', 'Default', 'Web', 'active', '2500.00', '2024-09-30 01:16:12', null, '7015g0000000002AAA', 'Default', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '15907686693597063373', '2026-11-24 04:16:04.02015'),
('marketo', '1003', 'Newsletter', 'Default', 'Email', 'active', '1200.00', '2024-09-30 01:16:12', null, '7015g0000000003AAA', 'Default', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '8735185315284313306', '2026-11-24 04:16:04.02015'),
('marketo', '1004', 'Autumn Webinar', 'Default', 'Webinar', 'active', '9000.00', '2024-09-30 01:16:12', null, '7015g0000000004AAA', 'Default', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '4272096674652660401', '2026-11-24 04:16:04.02015'),
('marketo', '1005', 'Hannover Fair', 'Default', 'Event', 'active', '42000.00', '2024-09-30 01:16:12', null, '7015g0000000005AAA', 'Default', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '4604415874558371279', '2026-11-24 04:16:04.02015'),
('marketo', '1006', 'Benchmark Report', 'Default', 'Content', 'active', '7500.00', '2024-09-30 01:16:12', null, '7015g0000000006AAA', 'Default', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '18054394176686396704', '2026-11-24 04:16:04.02015'),
('marketo', '1007', 'Partner Days', 'Default', 'Event', 'active', '15000.00', '2024-09-30 01:16:12', null, '7015g0000000007AAA', 'Default', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '1355180986076167589', '2026-11-24 04:16:04.02015'),
('marketo', '1008', 'Search Ads', 'Default', 'Paid Search', 'active', '60000.00', '2024-09-30 01:16:12', null, '7015g0000000008AAA', 'Default', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '2906012814336834868', '2026-11-24 04:16:04.02015');
CREATE TABLE raw_marketo.program_member("system" VARCHAR, program_id VARCHAR, lead_id VARCHAR, status_name VARCHAR, reached_success BOOLEAN, membership_date TIMESTAMP, created_at TIMESTAMP, updated_at TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_marketo."program_member" values
('marketo', '1001', '100002', 'Filled-Out Form', 'true', '2025-03-19 07:18:31', '2025-03-19 07:18:31', '2025-03-19 07:18:31', null, '16399196504145171709', '2026-11-24 04:16:04.02015'),
('marketo', '1002', '100001', 'Filled-Out Form', 'true', '2025-01-31 09:50:03', '2025-01-31 09:50:03', '2025-01-31 09:50:03', null, '7666389000373685087', '2026-11-24 04:16:04.02015'),
('marketo', '1003', '100001', 'Filled-Out Form', 'true', '2025-01-28 12:51:45', '2025-01-28 12:51:45', '2025-01-28 12:51:45', null, '5356108958596738799', '2026-11-24 04:16:04.02015'),
('marketo', '1004', '100001', 'Filled-Out Form', 'true', '2025-01-20 07:39:25', '2025-01-20 07:39:25', '2025-01-20 07:39:25', null, '5717653201586316912', '2026-11-24 04:16:04.02015'),
('marketo', '1005', '100002', 'Filled-Out Form', 'true', '2025-04-02 07:32:08', '2025-04-02 07:32:08', '2025-04-02 07:32:08', null, '6478127609105547305', '2026-11-24 04:16:04.02015'),
('marketo', '1006', '100003', 'Filled-Out Form', 'true', '2025-09-02 10:07:47', '2025-09-02 10:07:47', '2025-09-02 10:07:47', null, '12656291187656473450', '2026-11-24 04:16:04.02015'),
('marketo', '1007', '100002', 'Filled-Out Form', 'true', '2025-03-31 10:06:13', '2025-03-31 10:06:13', '2025-03-31 10:06:13', null, '14597520816912076038', '2026-11-24 04:16:04.02015');
CREATE TABLE raw_published.builds(table_name VARCHAR, build_id VARCHAR, published_at TIMESTAMP);
CREATE TABLE raw_salesforce.account("system" VARCHAR, id VARCHAR, "name" VARCHAR, website VARCHAR, industry VARCHAR, number_of_employees BIGINT, billing_country VARCHAR, parent_id VARCHAR, owner_id VARCHAR, master_record_id VARCHAR, is_deleted BOOLEAN, created_by_id VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."account" values
('salesforce', '0015g0000001000AAA', 'Nordic Logistics 1 GmbH', 'https://www.nordic-logistics1.example/', 'Manufacturing', '20', 'Germany', null, '0055g0000000007AAA', null, 'false', '0055g0000000091AAA', '2024-09-30 01:16:12', '2026-01-30 12:17:38', '2026-01-30 12:17:38', null, '16475728220116596740', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce.campaign("system" VARCHAR, id VARCHAR, "name" VARCHAR, "type" VARCHAR, status VARCHAR, is_active BOOLEAN, start_date DATE, end_date DATE, actual_cost DECIMAL(18,2), budgeted_cost DECIMAL(18,2), currency_iso_code VARCHAR, parent_id VARCHAR, is_deleted BOOLEAN, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."campaign" values
('salesforce', '7015g0000000001AAA', 'Demo Request', 'Web', 'In Progress', 'true', '2024-09-30', null, '4000.00', null, 'EUR', null, 'false', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '2216259448250830402', '2026-11-24 04:16:05.202318'),
('salesforce', '7015g0000000002AAA', 'Pricing Guide', 'Web', 'In Progress', 'true', '2024-09-30', null, '2500.00', null, 'EUR', null, 'false', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '14229956027803304756', '2026-11-24 04:16:05.202318'),
('salesforce', '7015g0000000003AAA', 'Newsletter', 'Email', 'In Progress', 'true', '2024-09-30', null, '1200.00', null, 'EUR', null, 'false', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '13544889992653451290', '2026-11-24 04:16:05.202318'),
('salesforce', '7015g0000000004AAA', 'Autumn Webinar', 'Webinar', 'In Progress', 'true', '2024-09-30', null, '9000.00', null, 'EUR', null, 'false', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '5966482526199786197', '2026-11-24 04:16:05.202318'),
('salesforce', '7015g0000000005AAA', 'Hannover Fair', 'Event', 'In Progress', 'true', '2024-09-30', null, '42000.00', null, 'EUR', null, 'false', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '16808303785343759068', '2026-11-24 04:16:05.202318'),
('salesforce', '7015g0000000006AAA', 'Benchmark Report', 'Content', 'In Progress', 'true', '2024-09-30', null, '7500.00', null, 'EUR', null, 'false', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '11617563329116637708', '2026-11-24 04:16:05.202318'),
('salesforce', '7015g0000000007AAA', 'Partner Days', 'Event', 'In Progress', 'true', '2024-09-30', null, '15000.00', null, 'EUR', null, 'false', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '15984440863235394482', '2026-11-24 04:16:05.202318'),
('salesforce', '7015g0000000008AAA', 'Search Ads', 'Paid Search', 'In Progress', 'true', '2024-09-30', null, '60000.00', null, 'EUR', null, 'false', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '9957529611455736418', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce.campaign_member("system" VARCHAR, id VARCHAR, campaign_id VARCHAR, lead_id VARCHAR, contact_id VARCHAR, lead_or_contact_id VARCHAR, status VARCHAR, has_responded BOOLEAN, first_responded_date DATE, is_deleted BOOLEAN, created_by_id VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."campaign_member" values
('salesforce', '00v5g0000000001AAA', '7015g0000000001AAA', '00Q5g0000001001EAA', null, '00Q5g0000001001EAA', 'Responded', 'true', '2025-03-19', 'false', '0055g0000000090AAA', '2025-03-19 07:33:31', '2025-03-19 07:33:31', '2025-03-19 07:33:31', null, '10556550956905895498', '2026-11-24 04:16:05.202318'),
('salesforce', '00v5g0000000002AAA', '7015g0000000007AAA', '00Q5g0000001001EAA', null, '00Q5g0000001001EAA', 'Responded', 'true', '2025-03-31', 'false', '0055g0000000090AAA', '2025-03-31 10:21:13', '2025-03-31 10:21:13', '2025-03-31 10:21:13', null, '7354221860777315765', '2026-11-24 04:16:05.202318'),
('salesforce', '00v5g0000000003AAA', '7015g0000000005AAA', '00Q5g0000001001EAA', null, '00Q5g0000001001EAA', 'Responded', 'true', '2025-04-02', 'false', '0055g0000000090AAA', '2025-04-02 07:47:08', '2025-04-02 07:47:08', '2025-04-02 07:47:08', null, '15797937875244192377', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce.contact("system" VARCHAR, id VARCHAR, account_id VARCHAR, first_name VARCHAR, last_name VARCHAR, "name" VARCHAR, email VARCHAR, title VARCHAR, phone VARCHAR, mailing_country VARCHAR, mailing_state VARCHAR, lead_source VARCHAR, owner_id VARCHAR, master_record_id VARCHAR, is_deleted BOOLEAN, created_by_id VARCHAR, last_modified_by_id VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."contact" values
('salesforce', '0035g0000001003AAA', '0015g0000001000AAA', 'Hugo', 'Schmidt', 'Hugo Schmidt', 'hugo.schmidt3+news@nordic-logistics1.example', 'Director Operations', '+49 30 50000003', 'France', null, 'Referral', '0055g0000000008AAA', null, 'false', '0055g0000000005AAA', '0055g0000000005AAA', '2026-01-30 12:17:38', '2026-01-30 12:17:38', '2026-01-30 12:17:38', null, '17938124731613999529', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce.contact_history("system" VARCHAR, id VARCHAR, contact_id VARCHAR, field VARCHAR, old_value VARCHAR, new_value VARCHAR, data_type VARCHAR, created_by_id VARCHAR, created_date TIMESTAMP, is_deleted BOOLEAN, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."contact_history" values
('salesforce', '0175g0700000001AAA', '0035g0000001003AAA', 'created', null, null, 'Text', '0055g0000000005AAA', '2026-01-30 12:17:38', 'false', null, '15603097646450865457', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce."event"("system" VARCHAR, id VARCHAR, who_id VARCHAR, what_id VARCHAR, account_id VARCHAR, owner_id VARCHAR, subject VARCHAR, "type" VARCHAR, event_subtype VARCHAR, activity_date DATE, activity_date_time TIMESTAMP, start_date_time TIMESTAMP, end_date_time TIMESTAMP, is_deleted BOOLEAN, created_by_id VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_salesforce.extractions("system" VARCHAR, "object" VARCHAR, loaded_at TIMESTAMP, complete_through TIMESTAMP, rows_landed BIGINT, rows_at_source BIGINT);
insert into raw_salesforce."extractions" values
('salesforce', 'account', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '1', '1'),
('salesforce', 'campaign', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '8', '8'),
('salesforce', 'campaign_member', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '3', '3'),
('salesforce', 'contact', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '1', '1'),
('salesforce', 'contact_history', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '1', '1'),
('salesforce', 'event', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '0', '0'),
('salesforce', 'group', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '1', '1'),
('salesforce', 'lead', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '2', '2'),
('salesforce', 'lead_history', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '10', '10'),
('salesforce', 'opportunity', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '0', '0'),
('salesforce', 'opportunity_contact_role', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '0', '0'),
('salesforce', 'opportunity_field_history', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '0', '0'),
('salesforce', 'task', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '6', '6'),
('salesforce', 'user', '2026-11-24 04:16:05.202318', '2026-03-31 22:00:00', '14', '14');
CREATE TABLE raw_salesforce."group"("system" VARCHAR, id VARCHAR, "name" VARCHAR, developer_name VARCHAR, "type" VARCHAR, email VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."group" values
('salesforce', '00G5g0000000001EAA', 'SDR Queue', 'SDR_Queue', 'Queue', null, '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '14655029544456481443', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce.lead("system" VARCHAR, id VARCHAR, first_name VARCHAR, last_name VARCHAR, "name" VARCHAR, email VARCHAR, title VARCHAR, company VARCHAR, phone VARCHAR, country VARCHAR, state VARCHAR, status VARCHAR, lead_source VARCHAR, rating VARCHAR, industry VARCHAR, number_of_employees BIGINT, owner_id VARCHAR, is_converted BOOLEAN, converted_date DATE, converted_account_id VARCHAR, converted_contact_id VARCHAR, converted_opportunity_id VARCHAR, master_record_id VARCHAR, is_deleted BOOLEAN, created_by_id VARCHAR, last_modified_by_id VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."lead" values
('salesforce', '00Q5g0000001000EAA', 'Ravi', 'Costa', 'Ravi Costa', 'ravi.costa0@blue-logistics1.example', 'Intern', 'Blue Logistics 1 AG', '+49 30 50000000', 'Germany', null, 'Nurture', 'Referral', null, 'Software', null, '00G5g0000000001EAA', 'false', null, null, null, null, null, 'false', '0055g0000000090AAA', '0055g0000000002AAA', '2025-02-01 21:12:38', '2025-03-05 12:34:52', '2025-03-05 12:34:52', '{"Rejection_Reason__c":"No Response"}', '15423889136344440524', '2026-11-24 04:16:05.202318'),
('salesforce', '00Q5g0000001001EAA', 'Anna', 'Şahin', 'Anna Şahin', 'anna.sahin1+news@nordic-logistics1.example', 'Director Operations', 'Nordic Logistics 1 GmbH', '+49 30 50000001', 'United States', null, 'Nurture', 'Paid Search', null, 'Manufacturing', null, '00G5g0000000001EAA', 'false', null, null, null, null, null, 'false', '0055g0000000090AAA', '0055g0000000091AAA', '2025-03-19 07:32:40', '2025-06-29 01:16:12', '2025-06-29 01:16:12', '{"Rejection_Reason__c":"No Response"}', '5762974885024603251', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce.lead_history("system" VARCHAR, id VARCHAR, lead_id VARCHAR, field VARCHAR, old_value VARCHAR, new_value VARCHAR, data_type VARCHAR, created_by_id VARCHAR, created_date TIMESTAMP, is_deleted BOOLEAN, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."lead_history" values
('salesforce', '0175g0000000001AAA', '00Q5g0000001000EAA', 'Status', 'Open - Not Contacted', 'Nurture', 'DynamicEnum', '0055g0000000002AAA', '2025-03-05 12:34:52', 'false', null, '6589127864032079587', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000002AAA', '00Q5g0000001000EAA', 'Rejection_Reason__c', null, 'No Response', 'DynamicEnum', '0055g0000000002AAA', '2025-03-05 12:34:52', 'false', null, '6723443546630892460', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000003AAA', '00Q5g0000001001EAA', 'Owner', '00G5g0000000001EAA', '0055g0000000002AAA', 'EntityId', '0055g0000000002AAA', '2025-03-19 08:16:01', 'false', null, '16365474800833763183', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000004AAA', '00Q5g0000001001EAA', 'Owner', 'SDR Queue', 'Jonas Falk', 'Text', '0055g0000000002AAA', '2025-03-19 08:16:01', 'false', null, '4871836015403062698', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000005AAA', '00Q5g0000001001EAA', 'Status', 'Open - Not Contacted', 'Wrking', 'DynamicEnum', '0055g0000000002AAA', '2025-03-20 07:49:57', 'false', null, '1041801371795319544', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000006AAA', '00Q5g0000001001EAA', 'Status', 'Wrking', 'Qualified', 'DynamicEnum', '0055g0000000002AAA', '2025-03-25 11:23:54', 'false', null, '6145164761250300008', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000007AAA', '00Q5g0000001001EAA', 'Status', 'Qualified', 'Nurture', 'DynamicEnum', '0055g0000000002AAA', '2025-04-23 16:00:46', 'false', null, '14932376432905108772', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000008AAA', '00Q5g0000001001EAA', 'Rejection_Reason__c', null, 'No Response', 'DynamicEnum', '0055g0000000002AAA', '2025-04-23 16:00:46', 'false', null, '15656454356108455615', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000009AAA', '00Q5g0000001001EAA', 'Owner', '0055g0000000002AAA', '00G5g0000000001EAA', 'EntityId', '0055g0000000091AAA', '2025-06-29 01:16:12', 'false', null, '12423826937407905348', '2026-11-24 04:16:05.202318'),
('salesforce', '0175g0000000010AAA', '00Q5g0000001001EAA', 'Owner', 'Jonas Falk', 'SDR Queue', 'Text', '0055g0000000091AAA', '2025-06-29 01:16:12', 'false', null, '4000553917749164887', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce.opportunity("system" VARCHAR, id VARCHAR, account_id VARCHAR, contact_id VARCHAR, "name" VARCHAR, record_type_id VARCHAR, stage_name VARCHAR, amount DECIMAL(18,2), currency_iso_code VARCHAR, probability DOUBLE, forecast_category_name VARCHAR, lead_source VARCHAR, campaign_id VARCHAR, is_closed BOOLEAN, is_won BOOLEAN, close_date DATE, owner_id VARCHAR, is_deleted BOOLEAN, created_by_id VARCHAR, last_modified_by_id VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_salesforce.opportunity_contact_role("system" VARCHAR, id VARCHAR, opportunity_id VARCHAR, contact_id VARCHAR, "role" VARCHAR, is_primary BOOLEAN, is_deleted BOOLEAN, created_by_id VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_salesforce.opportunity_field_history("system" VARCHAR, id VARCHAR, opportunity_id VARCHAR, field VARCHAR, old_value VARCHAR, new_value VARCHAR, data_type VARCHAR, created_by_id VARCHAR, created_date TIMESTAMP, is_deleted BOOLEAN, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
CREATE TABLE raw_salesforce.task("system" VARCHAR, id VARCHAR, who_id VARCHAR, what_id VARCHAR, account_id VARCHAR, owner_id VARCHAR, subject VARCHAR, "type" VARCHAR, task_subtype VARCHAR, status VARCHAR, is_closed BOOLEAN, call_type VARCHAR, activity_date DATE, completed_date_time TIMESTAMP, is_deleted BOOLEAN, created_by_id VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."task" values
('salesforce', '00T5g0000000000EAA', '00Q5g0000001001EAA', null, null, '0055g0000000002AAA', 'Email', 'Email', 'Email', 'Completed', 'true', null, '2025-03-19', '2025-03-19 10:54:03', 'false', '0055g0000000002AAA', '2025-03-19 10:54:03', '2025-03-19 10:54:03', '2025-03-19 10:54:03', '{"Direction__c":"Outbound"}', '17141138410627413718', '2026-11-24 04:16:05.202318'),
('salesforce', '00T5g0000000002EAA', '00Q5g0000001001EAA', null, null, '0055g0000000002AAA', 'Call', 'Call', 'Call', 'Completed', 'true', 'Outbound', '2025-04-09', '2025-04-09 08:53:51', 'false', '0055g0000000002AAA', '2025-04-09 08:53:51', '2025-04-09 08:53:51', '2025-04-09 08:53:51', '{"Direction__c":"Outbound"}', '10032567214477615800', '2026-11-24 04:16:05.202318'),
('salesforce', '00T5g0000000003EAA', '00Q5g0000001001EAA', null, null, '0055g0000000002AAA', 'Call', 'Call', 'Call', 'Completed', 'true', 'Outbound', '2025-04-16', '2025-04-16 14:17:39', 'false', '0055g0000000002AAA', '2025-04-16 14:17:39', '2025-04-16 14:17:39', '2025-04-16 14:17:39', '{"Direction__c":"Outbound"}', '6089443262331620608', '2026-11-24 04:16:05.202318'),
('salesforce', '00T5g0000000004EAA', '00Q5g0000001001EAA', null, null, '0055g0000000002AAA', 'Email', 'Email', 'Email', 'Completed', 'true', null, '2025-04-14', '2025-04-14 09:12:41', 'false', '0055g0000000002AAA', '2025-04-14 09:12:41', '2025-04-14 09:12:41', '2025-04-14 09:12:41', '{"Direction__c":"Outbound"}', '11841369510184551843', '2026-11-24 04:16:05.202318'),
('salesforce', '00T5g0000000005EAA', '00Q5g0000001001EAA', null, null, '0055g0000000002AAA', 'Sequence step', 'Email', 'Cadence', 'Completed', 'true', null, '2025-03-20', '2025-03-20 05:17:20', 'false', '0055g0000000091AAA', '2025-03-20 05:17:20', '2025-03-20 05:17:20', '2025-03-20 05:17:20', '{"Direction__c":"Outbound"}', '1492219276879658669', '2026-11-24 04:16:05.202318'),
('salesforce', '00T5g0000000006EAA', '00Q5g0000001001EAA', null, null, '0055g0000000002AAA', 'Sequence step', 'Email', 'Cadence', 'Completed', 'true', null, '2025-03-19', '2025-03-19 17:14:54', 'false', '0055g0000000091AAA', '2025-03-19 17:14:54', '2025-03-19 17:14:54', '2025-03-19 17:14:54', '{"Direction__c":"Outbound"}', '10540429762936735618', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_salesforce."user"("system" VARCHAR, id VARCHAR, "name" VARCHAR, first_name VARCHAR, last_name VARCHAR, email VARCHAR, username VARCHAR, user_type VARCHAR, is_active BOOLEAN, profile_id VARCHAR, user_role_id VARCHAR, time_zone_sid_key VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, system_modstamp TIMESTAMP, extra VARCHAR, content_hash UBIGINT, loaded_at TIMESTAMP);
insert into raw_salesforce."user" values
('salesforce', '0055g0000000001AAA', 'Mara Lindt', 'Mara', 'Lindt', 'user001@ourco.example', 'user001@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '15958556637088268206', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000002AAA', 'Jonas Falk', 'Jonas', 'Falk', 'user002@ourco.example', 'user002@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '13295627252511188882', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000003AAA', 'Aylin Demir', 'Aylin', 'Demir', 'user003@ourco.example', 'user003@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '12015009565064332300', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000004AAA', 'Piotr Nowak', 'Piotr', 'Nowak', 'user004@ourco.example', 'user004@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '4996808390014711745', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000005AAA', 'Chiara Russo', 'Chiara', 'Russo', 'user005@ourco.example', 'user005@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '17817696691166609143', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000006AAA', 'Ben Carter', 'Ben', 'Carter', 'user006@ourco.example', 'user006@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '11564380256826227364', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000007AAA', 'Helene Vogt', 'Helene', 'Vogt', 'user007@ourco.example', 'user007@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '5287885837468154197', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000008AAA', 'Tom Okafor', 'Tom', 'Okafor', 'user008@ourco.example', 'user008@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '17183067508499247138', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000009AAA', 'Lucía Prieto', 'Lucía', 'Prieto', 'user009@ourco.example', 'user009@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '12986952411766578027', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000010AAA', 'Sven Dahl', 'Sven', 'Dahl', 'user010@ourco.example', 'user010@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '13594259565556452902', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000011AAA', 'Nadia Haddad', 'Nadia', 'Haddad', 'user011@ourco.example', 'user011@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '2710385837228021675', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000012AAA', 'Oscar Lund', 'Oscar', 'Lund', 'user012@ourco.example', 'user012@ourco.example.crm', 'Standard', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '14399752976722694610', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000090AAA', 'Marketing Sync', 'Marketing', 'Sync', 'user090@ourco.example', 'user090@ourco.example.crm', 'CloudIntegrationUser', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '2053864267629152736', '2026-11-24 04:16:05.202318'),
('salesforce', '0055g0000000091AAA', 'Data Import', 'Data', 'Import', 'user091@ourco.example', 'user091@ourco.example.crm', 'AutomatedProcess', 'true', null, null, 'Europe/Berlin', '2024-09-30 01:16:12', '2024-09-30 01:16:12', '2024-09-30 01:16:12', null, '2151193814250914900', '2026-11-24 04:16:05.202318');
CREATE TABLE raw_sources.fields("system" VARCHAR, "object" VARCHAR, field VARCHAR, source_field VARCHAR);
insert into raw_sources."fields" values
('marketo', 'prospect', 'external_id', 'externalId'),
('marketo', 'prospect', 'lead_status', 'leadStatus'),
('marketo', 'prospect', 'revenue_stage', 'leadRevenueStageId'),
('marketo', 'prospect', 'score', 'leadScore'),
('salesforce', 'contact', 'external_id', 'External_Id__c'),
('salesforce', 'contact', 'owner', 'OwnerId'),
('salesforce', 'lead', 'external_id', 'External_Id__c'),
('salesforce', 'lead', 'owner', 'OwnerId'),
('salesforce', 'lead', 'rejection_reason', 'Rejection_Reason__c'),
('salesforce', 'lead', 'status', 'Status'),
('salesforce', 'task', 'direction', 'Direction__c');
CREATE TABLE raw_sources.identity_overrides(decision VARCHAR, "system" VARCHAR, record_id VARCHAR, other_system VARCHAR, other_record_id VARCHAR, reason VARCHAR, decided_by VARCHAR, decided_on DATE);
CREATE TABLE raw_sources.public_suffixes(suffix VARCHAR, is_wildcard BOOLEAN, is_exception BOOLEAN);
CREATE TABLE raw_sources.record_urls("system" VARCHAR, "object" VARCHAR, "template" VARCHAR);
CREATE TABLE raw_sources.systems("system" VARCHAR, kind VARCHAR, "role" VARCHAR, timezone VARCHAR, linked_to VARCHAR);
insert into raw_sources."systems" values
('marketo', 'marketo', 'map', 'UTC', 'salesforce'),
('salesforce', 'salesforce', 'crm', 'Europe/Berlin', null);
