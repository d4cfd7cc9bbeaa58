"""The conductor, and what leaves the house: Dagster definitions, publishing, alerts, the `onefunnel` command."""
