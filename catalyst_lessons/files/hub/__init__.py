"""A JupyterHub over HTTP: what it shows to anybody, and what it does for the owner of a token."""
