"""The queue of mismatches: what is open, who has said what about it, and what the data has said since.

Nothing here writes to a system, and nothing here judges the data: a mismatch is what passed the audits.
"""
