"""Login, second step, demo login, logout, new password."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import activate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from servicecenter import answers, logins, second_factor
from servicecenter.figures import whole
from servicecenter.forms import WorkForm
from servicecenter.i18n import in_script, say
from servicecenter.kernel.errors import RuleBroken
from servicecenter.shell import Shell
from servicecenter.wording import rule_text

ROLE_ICONS = {
    "agent": "phone",
    "supervisor": "board",
    "handler": "inbox",
    "inspector": "shield",
    "centre_manager": "users",
    "enterprise_management": "siren",
    "management": "flag",
    "administrator": "gear",
    "account_manager": "user",
    "business_manager": "hand",
    "controller": "eye",
    "adjuster": "scale",
    "cashier": "coin",
    "storekeeper": "box",
    "stock_accountant": "stamp",
}
DEMO_FIRST = 8


class LoginForm(forms.Form):
    """Work number and password."""

    work_number = forms.CharField(label=_("Work number"), max_length=20)
    password = forms.CharField(label=_("Password"), max_length=200, widget=forms.PasswordInput)
    mine = forms.BooleanField(label=_("This computer is mine alone"), required=False)


class CodeForm(forms.Form):
    """The six digits of the second step."""

    code = forms.CharField(label=_("One-time code"), min_length=6, max_length=8)


class PasswordForm(WorkForm):
    """The old password, and the new one twice."""

    old = forms.CharField(label=_("Present password"), widget=forms.PasswordInput)
    new = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput, help_text=_("At least 10 characters.")
    )
    again = forms.CharField(label=_("New password again"), widget=forms.PasswordInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        """The present password must be right."""
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("This is not your present password."))
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        """Long enough, not a common one, not like the name."""
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean(self) -> dict[str, Any]:
        """Both times the same."""
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", _("The two are not the same."))
        return values


def in_dialog(request: HttpRequest) -> bool:
    """Whether a script asks, for whom a login page in place of an answer would be useless."""
    return bool(request.headers.get("HX-Request")) or request.headers.get("X-Requested-With") == "fetch"


def wanted(request: HttpRequest) -> str:
    """Where the user wanted to go: only within this site."""
    return answers.inside(request, request.POST.get("next") or request.GET.get("next", ""))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    """The login page; for a script whose session is over, the same form for its dialog, as a 401."""
    if request.method == "POST":
        form = LoginForm(request.POST)
        if form.is_valid():
            try:
                user = logins.check_password(
                    request,
                    work_number=form.cleaned_data["work_number"],
                    password=form.cleaned_data["password"],
                )
            except RuleBroken as problem:
                _refuse(form, problem)
                # In the dialog 422: a form to fill in again, which htmx swaps in.
                return _login_page(request, form, status=422 if in_dialog(request) else problem.status)
            return _after_password(request, user, mine=form.cleaned_data["mine"])
        return _login_page(request, form, status=422)
    if request.user.is_authenticated and not in_dialog(request):
        return redirect(wanted(request) or "home")
    return _login_page(request, LoginForm(), status=401 if in_dialog(request) else 200)


def _refuse(form: forms.Form, problem: RuleBroken) -> None:
    form.add_error(None, rule_text(problem))


def _login_page(request: HttpRequest, form: forms.Form, *, status: int) -> HttpResponse:
    template = "registration/_login_dialog.html" if in_dialog(request) else "registration/login.html"
    demo = demo_accounts() if settings.DEMO else []
    return render(
        request,
        template,
        {"form": form, "next": wanted(request), "demo": demo[:DEMO_FIRST], "demo_more": demo[DEMO_FIRST:]},
        status=status,
    )


def demo_accounts() -> list[dict[str, Any]]:
    """The demo logins: user, role, icon; in the order of the roles above."""
    users = get_user_model().objects.filter(is_demo=True, is_active=True)
    users = users.prefetch_related("employee__assignments__role")
    found, order = [], list(ROLE_ICONS)
    for user in users:
        roles = [assignment.role for assignment in user.employee.assignments.all()]
        roles.sort(key=lambda role: order.index(role.code) if role.code in order else len(order))
        role = roles[0] if roles else None
        code = role.code if role else ""
        found.append(
            {
                "user": user,
                "role": say(role.names) if role else in_script(user.employee.position),
                "icon": ROLE_ICONS.get(code, "user"),
                "place": order.index(code) if code in order else len(order),
            }
        )
    return sorted(found, key=lambda entry: (entry["place"], entry["user"].work_number))


def _after_password(request: HttpRequest, user: Any, *, mine: bool) -> HttpResponse:
    to = wanted(request)
    if logins.second_factor(user) is not None or logins.must_enrol(user):
        logins.remember_pending(request, user, mine=mine, to=to)
        return answers.done(request, to=reverse("login-code"))
    return _enter(request, user, mine=mine, to=to)


def _enter(
    request: HttpRequest, user: Any, *, mine: bool, to: str, device: Any | None = None
) -> HttpResponse:
    """Open the session and go on: to the wanted page, or back to the page that asked in a dialog."""
    activate(user.language)
    logins.open_session(request, user, mine=mine, device=device)
    if in_dialog(request):
        response = HttpResponse(status=204)
        told = {"wb-login": {"csrf": get_token(request), "user": user.pk}}
        response["HX-Trigger"] = json.dumps(told)
    else:
        response = redirect(to or Shell(request).home_url)
    set_language_cookie(response, user.language)
    return response


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Remember the language for the pages before login."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86_400, samesite="Lax", httponly=True
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """Second step: the code of the device; or, where the role asks for a device and there is none, its set-up."""
    waiting = logins.pending(request)
    if waiting is None:
        return redirect("login")
    user, note = waiting
    device = logins.second_factor(user)
    enrolling = device is None
    device = device or second_factor.unconfirmed(user)
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and second_factor.verify(device, form.cleaned_data["code"]):
            if enrolling:
                second_factor.confirm(user, device)
            return _enter(request, user, mine=note["mine"], to=note["to"], device=device)
        if form.is_valid():
            _refuse(form, RuleBroken("login.code"))
        status = 422
    context = {"form": form, "enrolling": enrolling, "user_waiting": user}
    if enrolling:
        context |= {"qr": second_factor.qr_svg(user, device), "secret": second_factor.secret_text(device)}
    return render(request, "registration/login_code.html", context, status=status)


@never_cache
@require_POST
def login_demo(request: HttpRequest) -> HttpResponse:
    """One click into a demo account; exists in demo installations only."""
    if not settings.DEMO:
        raise Http404
    user = (
        get_user_model()
        .objects.filter(is_demo=True, is_active=True, pk=whole(request.POST.get("user", "")) or 0)
        .first()
    )
    if user is None:
        raise RuleBroken("login.demo", status=404)
    user.backend = settings.AUTHENTICATION_BACKENDS[0]
    return _enter(request, user, mine=False, to=wanted(request))


@require_POST
@login_required
def logout(request: HttpRequest) -> HttpResponse:
    """Out; the session is deleted on the server."""
    logins.close_session(request)
    return redirect("login")


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def password_change(request: HttpRequest) -> HttpResponse:
    """A new password; every other session of the user ends with the old one."""
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        logins.change_password(request, new=form.cleaned_data["new"])
        return answers.done(request, to=reverse("profile"), toast=str(_("The password is changed.")))
    return render(
        request,
        "registration/password_change.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )
