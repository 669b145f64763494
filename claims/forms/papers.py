"""Papers of the checklist: received, asked for, printed (CLM-02, CLM-20)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.choices import ClosingPaper, Paper
from claims.forms.parts import ClaimForm, LanguageForm
from servicecenter.forms import Line


class PapersForm(ClaimForm):
    """What has come in."""

    papers = forms.MultipleChoiceField(
        label=_("Papers of the claim"), choices=Paper.choices, widget=forms.CheckboxSelectMultiple
    )
    note = Line(label=_("Note"), required=False, max_length=200)


class PrintForm(LanguageForm):
    """A closing paper in a language."""

    paper = forms.ChoiceField(label=_("Paper"), choices=ClosingPaper.choices, widget=forms.RadioSelect)
    field_order = ("paper", "language")
