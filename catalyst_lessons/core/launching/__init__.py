"""Hubs, repositories, and the links that open a notebook."""
