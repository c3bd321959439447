"""Train-the-trainer curricula: Jupytext sources become multilingual pages, notebooks and proved exercises."""

__version__ = "0.1.0"
