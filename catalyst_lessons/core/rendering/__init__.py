"""Lessons as learners see them: site pages, overviews and notebooks."""
