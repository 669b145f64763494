"""From the price to the counter: assessment, negotiation, approval, parts, vouchers, payment (CLM-05 to CLM-10)."""

from __future__ import annotations

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.choices import ConfirmationWay, OfferMove, PayeeKind, PayMethod
from claims.forms.parts import ClaimForm, LanguageForm, ReasonForm, Yuan
from servicecenter.forms import Line

MOST_PARTS = 20


class AssessForm(ClaimForm):
    """Work the payout out by policy (CLM-06)."""

    exclusion = Line(
        label=_("Exclusion"),
        required=False,
        help_text=_("Only where nothing is paid because the terms exclude it: say which term."),
    )


class OfferForm(ClaimForm):
    """One move of the negotiation (CLM-05)."""

    move = forms.ChoiceField(
        label=_("Offer or answer"), choices=OfferMove.choices, widget=forms.RadioSelect, initial="offer"
    )
    amount = Yuan(label=_("Amount"), required=False)
    way = forms.ChoiceField(
        label=_("Confirmed by the customer"),
        choices=[("", ""), *ConfirmationWay.choices],
        required=False,
        widget=forms.Select(attrs={"data-when": "move=agree"}),
    )
    text = Line(label=_("What was said"), required=False)


class SignForm(ClaimForm):
    """A signature of approval, or its refusal with a remark (CLM-08)."""

    approved = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("approve")), ("no", _("decline"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    remark = Line(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class PartForm(forms.Form):
    """One payee, one sum (CLM-09)."""

    payee = Line(label=_("Payee"), max_length=60)
    payee_kind = forms.ChoiceField(
        label=_("Payee is"), choices=PayeeKind.choices, initial=PayeeKind.CONSIGNEE
    )
    amount = Yuan(label=_("Amount"))
    identity = Line(label=_("Identity number"), required=False, max_length=30)
    telephone = Line(label=_("Telephone"), required=False, max_length=20)
    method = forms.ChoiceField(label=_("To be paid by"), choices=PayMethod.choices, initial=PayMethod.CASH)
    bank = Line(label=_("Bank"), required=False, max_length=80)
    account = Line(label=_("Account"), required=False, max_length=40)


PartFormSet = formset_factory(PartForm, extra=1, max_num=MOST_PARTS, validate_max=True, can_delete=True)


class ReissueForm(ReasonForm, LanguageForm):
    """A void voucher's successor."""

    field_order = ("reason", "language")


class PayForm(ClaimForm):
    """The counter: name, identity, signature; of a proxy also the own identity and the authority (CLM-10)."""

    receiver = Line(label=_("Who takes the money"), max_length=60)
    identity_last_four = Line(
        label=_("Check the identity card; its last four"),
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "size": 6}),
    )
    is_proxy = forms.BooleanField(label=_("A proxy takes it"), required=False)
    proxy_identity = Line(label=_("Proxy's identity number"), required=False, max_length=30)
    signed = forms.BooleanField(
        label=pgettext_lazy("voucher", "signed"),
        error_messages={"required": _("The payee signs on the voucher before the money is handed over.")},
    )
    window = Line(label=_("Window"), max_length=40)
