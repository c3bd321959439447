"""The agreed terms of a curriculum."""

from catalyst_lessons.core.glossary.parsing import parse_glossary

__all__ = ["parse_glossary"]
