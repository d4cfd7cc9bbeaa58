"""DuckDB for SQLAlchemy, as much of it as Great Expectations needs: to look at a table's columns and to read rows.

No writing, no transactions, no keys, no regular expressions: what is not here raises, and a check that raises could not
run. Great Expectations' own SQL data source works on top of it unchanged.
"""

import duckdb
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.engine.default import DefaultDialect, DefaultExecutionContext
from sqlalchemy.pool import NullPool

URL = "duckdb+warehouse://"  # the path travels in connect_args: no character of it can then break the URL

TYPES = {
    "BIGINT": sa.BigInteger,
    "BOOLEAN": sa.Boolean,
    "DATE": sa.Date,
    "DOUBLE": sa.Double,
    "HUGEINT": sa.BigInteger,
    "INTEGER": sa.Integer,
    "TIMESTAMP": sa.TIMESTAMP,
}


class RowsReadAtOnce(DefaultExecutionContext):
    """Reads every row as soon as a statement has run: GX gives its connection back first and asks for the rows then."""

    def post_exec(self):
        """Keep the rows and their description where a closed connection cannot take them away."""
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, alternate_description=self.cursor.description, initial_buffer=self.cursor.fetchall()
            )


class WarehouseDialect(DefaultDialect):
    """Reads a DuckDB file. No connection outlives its statement, so none is left to keep the file locked."""

    name = "duckdb"
    driver = "warehouse"
    poolclass = NullPool
    default_schema_name = "main"
    execution_ctx_cls = RowsReadAtOnce
    supports_native_boolean = True
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls):
        """DuckDB's own module is a DB-API module."""
        return duckdb

    def initialize(self, connection):
        """Ask the first connection nothing: there is no server version or isolation level to adapt to."""

    def do_rollback(self, dbapi_connection):
        """Nothing to undo: DuckDB commits each statement, and refuses to roll back where no transaction is open."""

    def do_commit(self, dbapi_connection):
        """Nothing to commit, for the same reason."""

    def has_table(self, connection, table_name, schema=None, **_):
        """Whether the file has this table."""
        return bool(_columns(connection, table_name, schema))

    def get_columns(self, connection, table_name, schema=None, **_):
        """A table's columns in their order; a type that SQLAlchemy has no word for is text to it."""
        columns = _columns(connection, table_name, schema)
        if not columns:
            raise sa.exc.NoSuchTableError(table_name)
        return [
            {"name": name, "type": _type(kind), "nullable": nullable, "default": None}
            for name, kind, nullable in columns
        ]


def _columns(connection, table_name, schema):
    """Name, type and nullability of each column of a table of the open file."""
    return connection.exec_driver_sql(
        "select column_name, data_type, is_nullable from duckdb_columns()"
        " where database_name = current_database() and schema_name = ? and table_name = ? order by column_index",
        (schema or "main", str(table_name)),
    ).fetchall()


def _type(kind):
    """SQLAlchemy's type for one of DuckDB's."""
    return sa.Numeric() if kind.startswith("DECIMAL") else TYPES.get(kind, sa.String)()


registry.register("duckdb.warehouse", __name__, WarehouseDialect.__name__)
