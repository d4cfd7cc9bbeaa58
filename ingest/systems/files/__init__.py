"""Any system by mapping: its CSV, JSONL and Parquet exports become exchange tables in `raw_files`.

exports    which files, and whether they changed
texts      a text file before it is read: line ends, open quotes, the header
readers    a file → its records as text, by DuckDB's readers
columns    text → the exchange columns, or the reason why not
settling   the same id several times → one row
reading    a system → temp tables, one per exchange table; touches no warehouse
landing    temp tables → raw: what is new, what is unchanged
loading    all systems → the warehouse, one transaction each
"""

from ingest.systems.files.loading import load
from ingest.systems.files.reading import SystemRead, TableRead, read_system

__all__ = ["SystemRead", "TableRead", "load", "read_system"]
