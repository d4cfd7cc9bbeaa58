"""From marts to trust: Great Expectations suites, one per mart. Has never heard of Dagster.

Importing this is light: what checks there are can be listed without Great Expectations, which only an audit imports.
"""

from expectations.auditing import AuditResult, CheckResult, Sample, audit, audit_all
from expectations.catalogue import SUITES
from expectations.suite import Expectation

__all__ = ["AuditResult", "CheckResult", "Expectation", "Sample", "audit", "audit_all", "expectations_of", "suites"]


def suites() -> list[str]:
    """The marts that have a suite, in the order of the flow."""
    return list(SUITES)


def expectations_of(mart: str) -> tuple[Expectation, ...]:
    """What is expected of a mart: name, severity, owner team and meaning of each check."""
    return SUITES[mart].expectations
