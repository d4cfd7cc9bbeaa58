"""All that speaks Dagster, in the order of the flow: raw, models, checks, published, alerts, events, resources."""
