"""What a check has to say, and how it is printed."""

from catalyst_lessons.core.report.values import CellTime, Finding, Outcome, Report, Run, Scene, Severity, in_order

__all__ = ["CellTime", "Finding", "Outcome", "Report", "Run", "Scene", "Severity", "in_order"]
