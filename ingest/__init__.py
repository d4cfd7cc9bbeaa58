"""From the outside to raw: what a CRM or a MAP knows, and what both teams signed. Has never heard of Dagster."""
