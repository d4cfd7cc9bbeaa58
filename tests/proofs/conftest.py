"""What is proven on many companies, too long for every test: `make proof`. What a proof prints is told at the end."""

from tests.flow.conftest import company, line, outside, own_copy

__all__ = ["company", "line", "outside", "own_copy"]
PAIRS = ("salesforce-marketo", "salesforce-hubspot", "hubspot")


def pytest_terminal_summary(terminalreporter):
    """The figures of all proofs, also of those that hold."""
    for report in terminalreporter.stats.get("passed", []):
        if report.capstdout:
            terminalreporter.section(report.nodeid.rpartition("/")[2])
            terminalreporter.write_line(report.capstdout)
