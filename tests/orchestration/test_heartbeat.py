from datetime import UTC, datetime, timedelta

from orchestration.alerts import heartbeat, outbox

NIGHT = datetime(2026, 3, 1, 2, tzinfo=UTC)


def note_look(data, by, moment, problems):
    outbox.take(data, outbox.Look(by, moment, []), [], problems)


def test_a_sensor_that_has_not_looked_for_a_quarter_of_an_hour_is_silent_since_its_last_look(tmp_path):
    note_look(tmp_path, "sensor", NIGHT, {})
    assert heartbeat.silent_since(tmp_path, NIGHT + timedelta(minutes=15)) is None
    assert heartbeat.silent_since(tmp_path, NIGHT + timedelta(minutes=16)) == NIGHT
    assert heartbeat.problems(tmp_path, NIGHT + timedelta(days=2)) == [
        "Nobody has looked for alerts since 2026-03-01 02:00 UTC: is `dagster dev` running?"
    ]


def test_those_who_run_by_cron_are_not_silent_between_their_runs(tmp_path):
    note_look(tmp_path, "sensor", NIGHT, {})
    note_look(tmp_path, "run", NIGHT + timedelta(hours=1), {})
    assert heartbeat.silent_since(tmp_path, NIGHT + timedelta(days=9)) is None


def test_where_nobody_ever_looked_nobody_is_silent_and_nothing_is_written(tmp_path):
    assert heartbeat.silent_since(tmp_path, NIGHT) is None and heartbeat.problems(tmp_path, NIGHT) == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_with_the_alerts_is_said_since_it_began_and_until_it_is_mended(tmp_path):
    broken = {"alerts.yml": "Nobody is told anything: alerts.yml is not YAML."}
    note_look(tmp_path, "sensor", NIGHT, broken)
    note_look(tmp_path, "sensor", NIGHT + timedelta(hours=1), broken)
    assert heartbeat.problems(tmp_path, NIGHT + timedelta(hours=1)) == [
        "Nobody is told anything: alerts.yml is not YAML. Since 2026-03-01 02:00 UTC."
    ]
    note_look(tmp_path, "sensor", NIGHT + timedelta(hours=2), {})
    assert heartbeat.problems(tmp_path, NIGHT + timedelta(hours=2)) == []
