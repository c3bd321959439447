"""The settings of a curriculum, read with every problem at once."""

from catalyst_lessons.core.settings.parsing import Settings, inherited, parse_settings

__all__ = ["Settings", "inherited", "parse_settings"]
