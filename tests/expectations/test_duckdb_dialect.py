"""The dialect reads a DuckDB file for SQLAlchemy, and holds on to nothing."""

import subprocess
import sys

import duckdb
import pytest
import sqlalchemy as sa

from expectations.duckdb_dialect import URL


@pytest.fixture
def path(tmp_path):
    """A file with one table of every type that a mart has."""
    path = tmp_path / "types.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("create type mood as enum ('fine')")
        connection.execute(
            """create table marts.things (
                thing_id varchar not null, amount decimal(18, 2), happened_at timestamp, happened_on date,
                is_big boolean, n bigint, small integer, share double, mood mood
            )"""
        )
        connection.execute("insert into marts.things (thing_id, n) select 'é' || i, i from range(3) as numbers(i)")
    return path


@pytest.fixture
def engine(path):
    """As an audit opens it."""
    return sa.create_engine(URL, connect_args={"database": str(path), "read_only": True})


def test_rows_can_be_read_after_the_connection_is_given_back(engine):
    with engine.connect() as connection:
        result = connection.execute(sa.text("select thing_id, n from marts.things where n < :most"), {"most": 2})
    assert [row._asdict() for row in result.fetchall()] == [{"thing_id": "é0", "n": 0}, {"thing_id": "é1", "n": 1}]


def test_rows_can_be_read_a_few_at_a_time(engine):
    with engine.connect() as connection:
        result = connection.execute(sa.text("select n from marts.things order by n"))
    assert (result.fetchmany(2), result.fetchone(), result.fetchone()) == ([(0,), (1,)], (2,), None)


def test_a_table_has_its_columns_in_order_with_their_types(engine):
    columns = sa.inspect(engine).get_columns("things", schema="marts")
    assert [(column["name"], type(column["type"]), column["nullable"]) for column in columns] == [
        ("thing_id", sa.String, False),
        ("amount", sa.Numeric, True),
        ("happened_at", sa.TIMESTAMP, True),
        ("happened_on", sa.Date, True),
        ("is_big", sa.Boolean, True),
        ("n", sa.BigInteger, True),
        ("small", sa.Integer, True),
        ("share", sa.Double, True),
        ("mood", sa.String, True),
    ]


def test_a_missing_table_is_missing_and_has_no_columns(engine):
    inspector = sa.inspect(engine)
    assert (inspector.has_table("things", schema="marts"), inspector.has_table("things")) == (True, False)
    with pytest.raises(sa.exc.NoSuchTableError):
        inspector.get_columns("nothing", schema="marts")


def test_a_statement_that_fails_raises_sqlalchemys_error_and_the_next_one_runs(engine):
    with engine.connect() as connection:
        with pytest.raises(sa.exc.DBAPIError, match="nothing"):
            connection.execute(sa.text("select nothing from marts.things"))
        connection.rollback()
        assert connection.execute(sa.text("select count(*) from marts.things")).scalar() == 3


def test_nothing_can_be_written(engine):
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(sa.text("create table marts.more (n int)"))


def test_no_connection_is_left_open_even_if_rows_were_not_read(engine, path):
    with engine.connect() as connection:
        unread = connection.execute(sa.text("select * from marts.things"))
    program = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table written as select 1')"
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == 0
    assert len(unread.fetchall()) == 3
