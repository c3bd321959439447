"""The outside world: one module for each outside thing, one door to each library."""
