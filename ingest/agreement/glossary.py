"""The product's own words in the glossary: the same under every agreement, in one sentence each.

What two teams could define differently is no word of ours: it stands in the agreement, and `terms` says it.
"""

CAUSES = {
    "deleted_record": "One system deleted its record; the other still works with the person.",
    "merged_record": "Records were merged: a link points at the one that is gone, or the merge changed the stage.",
    "conversion_gap": "The lead was converted; the other system still holds the lead, or what the lead said.",
    "duplicate_record": "One system has several live records of the person, whose stages differ; one would agree.",
    "missing_record": "A record is required from the hand-over on, and one system has none.",
    "unmapped_value": "A value to which the agreement gives no meaning.",
    "no_contact_role": "The company has the opportunity that the other system means; the person has no role in it.",
    "account_push": "The company's stage was copied onto the person, who has no part in it.",
    "forward_only": "A step back or an exit is due, and whoever wrote last can only move forward.",
    "not_synced": "One system still holds what the other held before.",
    "conflict": "Each system went its own way, or the history is too short to tell which of them moved.",
}
SEVERITIES = {
    "high": "Changes a number of a month that is over, or the verdict on a hand-over.",
    "medium": "Changes a number of the month that is still open.",
    "low": "Changes nothing that is published.",
}
COMPARISONS = {
    "agrees": "What the two systems say of the person fits together.",
    "mismatch": "It does not, for longer than the systems are given to agree.",
    "in_flight": "It does not, but the systems still have time to agree: counted, not listed.",
    "unknown": "One of the systems says nothing about the stage of the person.",
    "one_system": "Only one system knows the person, and the agreement does not ask for more.",
    "not_compared": "Only one side is connected: nobody is compared.",
}
RESTATEMENTS = {
    "late_sync": "It was in a system when the month was published, and reached us later.",
    "back_dated": "Somebody changed afterwards what a record says of the time before: a date, an amount, a value.",
    "merge": "Two people turned out to be one, or one to be two.",
    "delete": "A record was deleted or restored, or what it says now excludes it.",
    "conversion": "A lead was converted, and another record speaks for the person.",
    "definition": "The agreement changed; nothing new was loaded of those whom it counts otherwise.",
    "correction": "The agreement was corrected: what a value had meant all along.",
    "moved_on": "It happened or fell due after the publication: where a cycle or hand-over began, or a closing undone.",
    "other": "Nothing that we know speaks for any of these, as when a new release counts otherwise.",
}
VERDICTS = {
    "met": "A hand-over whose clock stopped in time.",
    "breached": "A hand-over whose clock ran out, as far as complete data shows; a later touch does not undo it.",
    "waiting": "A hand-over that is not due yet.",
    "unassigned": "A hand-over that no person owns, so that no clock runs: it waits for the routing, not for sales.",
    "withdrawn": "A hand-over that was taken back before it was due.",
    "unknown": "A hand-over on which the data cannot tell; never counted as breached.",
}
MEASURES = {
    "agreement_score": "Agreeing ÷ (agreeing + mismatched), over the people at or past the hand-over whose cycle"
    " was open in the last 90 days. In flight, unknown and one-system people are counted beside it.",
    "system_delay_hours": "From hand-over to the first moment at which a person owns it, by the wall clock.",
    "human_delay_hours": "From assignment to the touch or answer that stopped the clock, in business hours.",
}
WORDS = {
    "verdict": VERDICTS,
    "cause": CAUSES,
    "severity": SEVERITIES,
    "comparison": COMPARISONS,
    "restatement": RESTATEMENTS,
    "measure": MEASURES,
}
