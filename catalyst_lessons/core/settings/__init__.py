"""The settings of a curriculum, read with every problem at once."""

from catalyst_lessons.core.settings.parsing import Settings, parse_settings

__all__ = ["Settings", "parse_settings"]
