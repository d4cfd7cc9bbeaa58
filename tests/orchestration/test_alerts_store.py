import sqlite3

import pytest
from looking import finding, look, tell

from orchestration.alerts import heartbeat, store
from orchestration.alerts.targets import Target

RELEASED = """
create table incidents (key text primary key, state text, opened_at text);
create table messages (
    id integer primary key, kind text, severity text, team text, title text, detail text, created_at text
);
create table deliveries (message_id integer, target text, delivered_at text, primary key (message_id, target));
"""  # as 6aa1efa wrote it


@pytest.fixture
def released(tmp_path, chat):
    """A data dir of the release before: one incident told, one that the chat has still to be told of."""
    with sqlite3.connect(tmp_path / "alerts.sqlite") as connection:
        connection.executescript(RELEASED)
        opened = "2026-02-27T08:00:00+00:00"
        for number, name in enumerate(("told", "waits"), 1):
            connection.execute("insert into incidents values (?, 'failed', ?)", [f"check/people/{name}", opened])
            connection.execute(
                "insert into messages values (?, 'opened', 'error', 'sales_ops', ?, 'Why.', ?)",
                [number, f"people: the check {name} failed", opened],
            )
            connection.execute("insert into deliveries values (?, 'log', ?)", [number, opened])
            connection.execute(
                "insert into deliveries values (?, ?, ?)", [number, chat.url, opened if name == "told" else None]
            )
    connection.close()
    return tmp_path


def test_alerts_of_the_release_before_migrate_with_what_is_open_and_what_waits(released, chat, clock):
    """F29."""
    target = Target(url=chat.url, digest_at=None)
    still = [finding(f"check/people/{name}", title=f"people: the check {name} failed") for name in ("told", "waits")]
    tell(released, [target], *still)
    assert chat.shown == [("people: the check waits failed", "Why.")]
    tell(released, [target], *still, by="run")
    assert len(chat.came) == 1
    tell(released, [target], *(finding(f"check/people/{name}", "ok") for name in ("told", "waits")), by="run")
    assert chat.shown[1:] == [
        ("Recovered: check/people/told is well", "It was wrong from 2026-02-27 08:00 UTC to 2026-03-01 12:00 UTC."),
        ("Recovered: check/people/waits is well", "It was wrong from 2026-02-27 08:00 UTC to 2026-03-01 12:00 UTC."),
    ]
    with sqlite3.connect(released / "alerts.sqlite") as connection:
        assert connection.execute("pragma user_version").fetchone() == (1,)
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
        assert not connection.execute("select * from sqlite_master where name like '%_0'").fetchall()
    connection.close()


def test_no_url_is_kept_not_even_of_the_release_before(released, chat, clock):
    """F22."""
    tell(released, [Target(url=chat.url)], finding("new"))
    kept = b"".join(file.read_bytes() for file in released.glob("alerts.sqlite*"))
    assert chat.came and b"127.0.0.1" not in kept and chat.url.encode() not in kept


def test_a_migration_that_is_broken_off_leaves_the_file_as_it_was(released, chat, monkeypatch):
    """F29."""
    before = sqlite3.connect(released / "alerts.sqlite").execute("select * from incidents").fetchall()
    monkeypatch.setattr(store, "FROM_0", (*store.FROM_0[:6], "select no_such_function()"))
    with pytest.raises(sqlite3.OperationalError):
        look(released, [])
    connection = sqlite3.connect(released / "alerts.sqlite")
    assert connection.execute("select * from incidents").fetchall() == before
    assert connection.execute("pragma user_version").fetchone() == (0,)


def test_alerts_of_a_newer_release_are_refused_with_a_sentence_and_left_alone(tmp_path, clock):
    """F29."""
    look(tmp_path, [])
    with sqlite3.connect(tmp_path / "alerts.sqlite") as connection:
        connection.execute("pragma user_version = 7")
    with pytest.raises(store.StoreError, match=r"newer OneFunnel \(its version 7, this one knows 1\): upgrade"):
        look(tmp_path, [], finding())
    assert connection.execute("select count(*) from incidents").fetchone() == (0,)
    (said,) = heartbeat.problems(tmp_path, heartbeat.datetime.now().astimezone())
    assert said.startswith("Nobody is told anything: ") and "newer OneFunnel" in said
