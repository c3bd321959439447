"""Tests of catalyst-lessons."""
