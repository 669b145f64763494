"""Forms of reports."""

from reports.forms.making import MakeForm, RetryForm

__all__ = ["MakeForm", "RetryForm"]
