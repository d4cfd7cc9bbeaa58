"""What a check or a failure carries in its metadata so that the alerts understand it."""

ONLY_CHECKS = "only_checks"  # on a failure whose every cause is a check, which is told by itself
OUTCOME = "outcome"  # on a check of a suite: passed, failed or could_not_run
REPORT_STATUS = "report_status"  # on the check that shows a report's fate: fresh, held or could_not_run
OWNER = "owner"  # the team to tell
