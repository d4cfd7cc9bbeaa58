"""What a check or a failure carries in its metadata so that the alerts understand it."""

ONLY_CHECKS = "only_checks"  # on a failure whose every cause is a check, which is told by itself
OUTCOME = "outcome"  # on a check of a suite: passed, failed or could_not_run
REPORT_STATUS = "report_status"  # on the check that shows a report's fate: fresh, held or could_not_run
OWNER = "owner"  # the team to tell
FAILED = "failed"  # on a check of a suite, as the rest: how many rows fail
CHECKED = "checked"  # of how many that were asked
IDS = "ids"  # the ids of up to 20 of them
LINKS = "links"  # id to the addresses of its records in their systems, where it has any
DOCS = "docs"  # the path of the page that shows the whole suite
MEANING = "meaning"  # what it means that the check fails, one sentence
