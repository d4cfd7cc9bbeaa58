"""What leaves the house: the published file, Parquet beside it, the page.

Nothing here knows Dagster, and nothing here decides a hold: that is data.
"""
