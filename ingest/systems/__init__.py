"""One module per kind of system. Each reads a system as its vendor shapes it and appends to that kind's raw tables."""
