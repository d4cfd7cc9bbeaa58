"""What keeps an installation running for years: backup and restore of the data dir, its services, what grows.

Nothing here knows what the data means.
"""
