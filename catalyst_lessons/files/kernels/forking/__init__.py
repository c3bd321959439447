"""Runs forked from a warm parent, without sockets; Linux only."""
