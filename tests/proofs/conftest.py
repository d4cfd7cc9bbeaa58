"""The proofs run the whole line as the tests of the flow do."""

from tests.flow.conftest import company, line, outside, own_copy

__all__ = ["company", "line", "outside", "own_copy"]
