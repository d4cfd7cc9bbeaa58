"""The audit of a mart: every expectation of its suite passed, failed, or could not run, which is neither.

A check that raises or answers nothing, and every check of a table that is missing, or empty without a good reason,
could not run. The warehouse is opened read-only: DuckDB refuses that while this or another process has the file open to
write, and then the audit could not run. Nothing is left open afterwards. Results carry counts and ids, never a value.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import duckdb

from expectations.catalogue import SUITES
from expectations.links import links
from expectations.suite import NO_EMAIL, Expectation, Suite

TOLD_AT_MOST = 3  # rows in a message
EMAIL = re.compile(r"[^\s@'\"]+@[^\s@'\"]+\.[^\s@'\"]+")


@dataclass(frozen=True)
class Sample:
    """One failing row: its id, what is wrong with it if the check says so, the addresses of its records."""

    id: str
    detail: str | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """What one expectation found: `failed_count` of `checked_count` rows, and up to 20 of them."""

    name: str
    mart: str
    severity: Literal["error", "warn"]
    owner_team: str
    outcome: Literal["passed", "failed", "could_not_run"]
    failed_count: int
    checked_count: int
    sample: tuple[Sample, ...]
    message: str
    meaning: str

    @property
    def sample_ids(self) -> tuple[str, ...]:
        """The ids of the sample."""
        return tuple(row.id for row in self.sample)

    @property
    def links(self) -> dict[str, list[str]]:
        """Id → the addresses of its records, of those that have any."""
        return {row.id: list(row.links) for row in self.sample if row.links}

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published: an error, or a check of either severity that could not run."""
        return self.outcome == "could_not_run" or (self.outcome == "failed" and self.severity == "error")


@dataclass(frozen=True)
class AuditResult:
    """Every check of one mart."""

    mart: str
    checks: tuple[CheckResult, ...]

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published."""
        return any(check.blocks for check in self.checks)


def audit(warehouse: Path, mart: str, *, personal_data: bool = False) -> AuditResult:
    """Ask every expectation of a mart's suite. Never raises for what it finds: a check that cannot run says so.

    `personal_data`: it is published on purpose, so an e-mail address is no failure.
    """
    suite = SUITES[mart]
    try:
        # As long as this connection is open, the one that each statement opens for itself costs nothing.
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            if reason := _not_ready(connection, suite):
                return _could_not_run(suite, reason)
            from expectations import validation  # it takes seconds to import

            batch = validation.mart_as_batch(warehouse, mart)
            waived = {NO_EMAIL} if personal_data else set()
            checks = (
                _waived(suite, expectation)
                if expectation.name in waived
                else _check(connection, batch, suite, expectation)
                for expectation in suite.expectations
            )
            return AuditResult(mart, tuple(checks))
    except Exception as error:
        return _could_not_run(suite, error)


def audit_all(warehouse: Path, marts: Iterable[str] | None = None) -> dict[str, AuditResult]:
    """Audit these marts, or all; Great Expectations is set up once."""
    return {mart: audit(warehouse, mart) for mart in (SUITES if marts is None else marts)}


def _not_ready(connection, suite):
    """Why the mart cannot be asked anything, or None."""
    exists = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'marts' and table_name = ?", [suite.mart]
    ).fetchone()[0]
    if not exists:
        return f"the table marts.{suite.mart} is missing"
    is_filled, may_be_empty = connection.execute(
        f"select exists (select 1 from marts.{suite.mart}), {suite.may_be_empty}"
    ).fetchone()
    return None if is_filled or may_be_empty else f"the table marts.{suite.mart} is empty"


def _check(connection, batch, suite, expectation):
    """One expectation's result."""
    from expectations import validation

    try:
        answer = validation.validate(batch, suite, expectation)
    except Exception as error:
        return _unanswered(suite, expectation, error)
    outcome = "passed" if answer.success else "failed"
    allowed = 1 - expectation.arguments.get("mostly", 1.0)
    message = f"{answer.failed_count:,} of {answer.checked_count:,} rows fail"
    if allowed:
        message += f"; up to {allowed:.0%} may"
    told = [f"{row.id}: {row.detail}" for row in answer.sample if row.detail][:TOLD_AT_MOST]
    urls, trouble = _links(connection, answer.sample)
    message = ". ".join([message, *told, *trouble])
    sample = tuple(Sample(row.id, row.detail, found) for row, found in zip(answer.sample, urls, strict=True))
    return _result(suite, expectation, outcome, message, answer.checked_count, answer.failed_count, sample)


def _links(connection, sample):
    """The addresses of each row; where they cannot be looked up none, and why, for the verdict stands without them."""
    try:
        return links(connection, [row.columns for row in sample]), []
    except duckdb.Error as error:
        return [()] * len(sample), [f"Links could not be looked up: {_first_line(error)}"]


def _waived(suite, expectation):
    """The result of a check that nobody wants asked."""
    return _result(suite, expectation, "passed", "not asked: personal data is published on purpose", 0, 0, ())


def _could_not_run(suite, reason):
    """Every check of the suite, none of which could be asked."""
    return AuditResult(suite.mart, tuple(_unanswered(suite, expectation, reason) for expectation in suite.expectations))


def _unanswered(suite, expectation, reason):
    """The result of a check that could not run, with the first line of the reason."""
    return _result(suite, expectation, "could_not_run", f"could not run: {_first_line(reason)}", 0, 0, ())


def _first_line(reason):
    """The first line of a reason or an error, which has its name where it says nothing."""
    return next(iter(str(reason).splitlines()), "") or type(reason).__name__


def _result(suite: Suite, expectation: Expectation, outcome, message, checked_count, failed_count, sample):
    """A result in which no e-mail address is left, not even where a system uses one as an id."""
    return CheckResult(
        name=expectation.name,
        mart=suite.mart,
        severity=expectation.severity,
        owner_team=expectation.owner_team,
        outcome=outcome,
        failed_count=failed_count,
        checked_count=checked_count,
        sample=tuple(
            Sample(
                _without_email(row.id),
                row.detail and _without_email(row.detail),
                tuple(url for url in row.links if not EMAIL.search(unquote(url))),
            )
            for row in sample
        ),
        message=_without_email(message),
        meaning=expectation.meaning,
    )


def _without_email(text):
    """The text with every e-mail address replaced by a short hash of it, which still tells one from another."""
    return EMAIL.sub(lambda match: f"hash-{hashlib.sha256(match[0].lower().encode()).hexdigest()[:12]}", text)
