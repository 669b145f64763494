"""The user's own page: language, theme, row height, password, one-time codes, sessions, API tokens."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from servicecenter import answers, logins, second_factor, tokens
from servicecenter.clock import now_db
from servicecenter.forms import WorkForm
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken
from servicecenter.logins import me
from servicecenter.models import ApiToken
from servicecenter.views.logins import CodeForm
from servicecenter.wording import rule_text


class TokenForm(WorkForm):
    """What a new API token is for and how long it lives."""

    DAYS = ((30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("a year")))

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("What it is used for")
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"), choices=DAYS, coerce=int, initial=90, widget=forms.RadioSelect
    )
    read_only = forms.BooleanField(label=gettext_lazy("May only read"), required=False, initial=True)


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Everything about one's own login on one page."""
    context = {
        "device": logins.second_factor(request.user),
        "sessions": logins.own_sessions(request),
        "tokens": ApiToken.objects.filter(user_id=me(request).pk, revoked_at=None).order_by(
            "-created_at", "-id"
        ),
        "roles": me(request)
        .employee.assignments.select_related("role", "department")
        .filter(valid_until=None),
        "now": now_db(),
    }
    return render(request, "servicecenter/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def token_add(request: HttpRequest) -> HttpResponse:
    """A new token: shown once, stored as a hash."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        _token, plain = tokens.make(
            user=request.user,
            name=values["name"],
            read_only=values["read_only"],
            days=values["days"],
            by=request.user,
        )
        return render(request, "servicecenter/_token_made.html", {"plain": plain, "name": values["name"]})
    status = 422 if request.method == "POST" else 200
    return render(request, "servicecenter/token_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@idempotent
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, then ends a token of one's own for good."""
    token = ApiToken.objects.filter(pk=pk, user_id=me(request).pk, revoked_at=None).first()
    if token is None:
        raise RuleBroken("token.unknown", status=404)
    form = WorkForm(request.POST or None)
    if request.method == "POST":
        tokens.revoke(token=token, by=request.user)
        return answers.done(
            request, to=reverse("profile"), toast=_("The token %(name)s is revoked.") % {"name": token.name}
        )
    return render(request, "servicecenter/token_revoke.html", {"form": form, "token": token})


@require_POST
@login_required
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End another login of one's own."""
    logins.end_session(request, pk)
    return answers.done(request, to=reverse("profile"), toast=_("The session is ended."))


@require_POST
@login_required
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all others."""
    logins.end_other_sessions(request)
    return answers.done(request, to=reverse("profile"), toast=_("All other sessions are ended."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """Scan the code, type one code as proof."""
    device = second_factor.unconfirmed(request.user)
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and second_factor.verify(device, form.cleaned_data["code"]):
            second_factor.confirm(request.user, device)
            return answers.done(
                request, to=reverse("profile"), toast=_("Logins ask for a one-time code from now on.")
            )
        if form.is_valid():
            form.add_error("code", rule_text("login.code"))
        status = 422
    context = {
        "form": form,
        "qr": second_factor.qr_svg(request.user, device),
        "secret": second_factor.secret_text(device),
    }
    return render(request, "servicecenter/second_factor.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def second_factor_remove(request: HttpRequest) -> HttpResponse:
    """Asks for one more code, then removes the second step; not where the role needs it."""
    if getattr(request.user, "needs_second_factor", False):
        raise RuleBroken("second_factor.needed", status=403)
    device = logins.second_factor(request.user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device is None or second_factor.verify(device, form.cleaned_data["code"]):
            second_factor.remove(request.user)
            return answers.done(request, to=reverse("profile"), toast=_("The one-time codes are removed."))
        form.add_error("code", rule_text("login.code"))
    status = 422 if request.method == "POST" else 200
    return render(request, "servicecenter/second_factor_remove.html", {"form": form}, status=status)
