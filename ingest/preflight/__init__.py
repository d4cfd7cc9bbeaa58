"""Would a load succeed, and would every value mean something? Looks at both files and the data; loads nothing.

findings   what was found, without a name, an e-mail or any other value of a person
values     what the fields that stages are read from hold, and what the agreement says of it
vendors    the exports of a vendor's kind, in the tables that `values` looks at
checking   the files, the systems, and what the agreement expects of them
"""

from ingest.preflight.checking import check, check_draft
from ingest.preflight.findings import Findings, Unmapped

__all__ = ["Findings", "Unmapped", "check", "check_draft"]
