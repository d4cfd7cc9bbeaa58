"""From marts to trust: Great Expectations suites, one per mart. Has never heard of Dagster."""
