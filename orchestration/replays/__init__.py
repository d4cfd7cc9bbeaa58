"""Replays: the same dbt project built once more, beside the warehouse, as of another moment or under another agreement.

A replay reads the warehouse's raw tables and changes nothing of it. Nothing here knows Dagster.
"""
