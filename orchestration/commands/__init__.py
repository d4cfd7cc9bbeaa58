"""The console commands beside those of the line itself, a module for each thing; `cli` registers them."""
