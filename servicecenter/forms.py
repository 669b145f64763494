"""What every form shares: broken rules become field errors, and the hidden idempotency key (D20)."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of


class WorkForm(forms.Form):
    """A form that creates or acts. Carries an idempotency key; the same key twice is done once."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("idempotency_key", uuid.uuid4().hex)

    def refuse(self, problem: RuleBroken | RulesBroken) -> None:
        """Show a broken rule at its field, or above the form."""
        for field, message in messages_of(problem):
            self.add_error(field if field in self.fields else None, message)


class WorkModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """The same for a model's fields; it never saves: a service does."""

    refuse = WorkForm.refuse
