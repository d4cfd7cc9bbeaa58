"""What both teams signed: validated, all errors at once, and written as raw tables.

Nothing here knows the connected data: whether the agreement fits it is `ingest.preflight`'s question.
"""

from ingest.agreement.loading import LoadSummary, load
from ingest.agreement.problems import AgreementError, Problem
from ingest.agreement.shape import Agreement
from ingest.agreement.versions import read, read_draft

__all__ = ["Agreement", "AgreementError", "LoadSummary", "Problem", "load", "read", "read_draft"]
