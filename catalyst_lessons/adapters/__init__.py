"""Adapters: translate arguments, results and errors for a host program; decide nothing."""
