"""What a check has to say, and how it is printed."""

from catalyst_lessons.core.report.values import Finding, Outcome, Report, Run, Severity, in_order

__all__ = ["Finding", "Outcome", "Report", "Run", "Severity", "in_order"]
