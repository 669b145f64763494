"""The ground floor's routes: login, frame, notices, files, drafts, views, the user's own page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from organization.models import User
from servicecenter import attachments, saved_views, tokens
from servicecenter.models import LoginSession, Notice, SavedView
from tests.matrix.clones import clones
from tests.matrix.roles import CENTRE, EVERYBODY, HEADS, NOBODY, roles
from tests.matrix.rows import Row, World, api
from tests.servicecenter.uploads import image, upload

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
MINE = ("own notice", "own view", "own token", "own session", "own upload")
THINGS = {
    **dict.fromkeys(MINE, EVERYBODY),
    **{name.replace("own", "another's"): NOBODY for name in MINE},
    "shared view": HEADS,
}


def build(world: World) -> None:
    """Each person's own things, and those of somebody who is none of them."""
    from tests import people

    stranger = people.user("agent", name="别人")
    made: dict[str, dict[str, dict[str, Any]]] = {}
    for role, user in [*world.people.items(), ("", stranger)]:
        made[role] = _things_of(user)
    shared = saved_views.save_view(by=stranger, route="complaint-list", name="大家的", query="state=open")
    SavedView.objects.filter(pk=shared.pk).update(team_code="elsewhere")
    world.put("shared view", {"pk": shared.pk})
    for name in MINE:
        world.put(name, lambda role, name=name: made[role][name], f"{name}-0")
        world.put(name.replace("own", "another's"), made[""][name], f"{name}-{stranger.pk}")


def _things_of(user: User) -> dict[str, dict[str, Any]]:
    notice = Notice.objects.create(user_id=user.pk, code="clock.warning", params={}, at=AT, number="TS-0")
    view = saved_views.save_view(by=user, route="complaint-list", name="单", query="state=open")
    token, _plain = tokens.make(user=user, name="接口", by=user, at=AT)
    session = LoginSession.objects.create(session_key=f"matrix-{user.pk}", user=user)
    file = attachments.store(file=upload("现场.png", image()), by=user)
    return {
        "own notice": {"pk": notice.pk},
        "own view": {"pk": view.pk},
        "own token": {"pk": token.pk},
        "own session": {"pk": session.pk},
        "own upload": {"public_id": file.public_id},
    }


def grow(world: World, count: int) -> None:
    """Notices of the agent, like the first."""
    for role in ("account_manager", "agent"):
        clones(Notice.objects.get(pk=world.args("own notice", role)["pk"]), count)


REVEAL = CENTRE | roles("inspector adjuster account_manager business_manager")

ROWS = [
    Row("healthz", anonymous=200, page=False),
    Row("readyz", anonymous=200, page=False, opens=(200, 503)),
    Row("favicon.ico", anonymous=302, opens=(302,), page=False),
    Row("api-schema", anonymous=401, page=False, alike="drawn in half a second, the same for all"),
    Row("api-docs", anonymous=401, page=False),
    Row("home", opens=(302,), page=False),
    Row("login", anonymous=200),
    Row("login", methods="POST", anonymous=422),
    Row("login-code", methods="GET POST", opens=(302,), anonymous=302, page=False),
    Row("login-demo", methods="POST", anonymous=404, opens=(404,), page=False),
    Row("logout", methods="POST"),
    Row("help"),
    Row("gallery"),
    Row("language", methods="POST", anonymous=400),
    Row("taste", methods="POST", anonymous=400),
    Row("knock", page=False),
    Row("shell-counts", page=False),
    Row("palette"),
    Row("search", query="?q=东"),
    Row("notices", grows="own notice"),
    Row("notices-read-all", methods="POST"),
    Row("notice-read", methods="POST", takes=("own notice", "another's notice")),
    Row("drafts", methods="GET POST", query="?form=complaints.intake", page=False),
    Row("saved-views", methods="GET POST", query="?route=complaint-list"),
    Row("saved-view-restore", methods="POST", opens=(404,)),
    Row("saved-view-share", methods="POST", takes=("own view", "another's view")),
    Row("saved-view-unshare", methods="POST", takes=("shared view", "another's view")),
    Row("saved-view-delete", methods="POST", takes=("own view", "another's view")),
    Row("presence", methods="POST", opens=(400,)),
    Row("attachments", methods="POST"),
    Row("attachment", takes=("own upload", "another's upload"), page=False),
    Row("profile"),
    Row("password-change", methods="GET POST"),
    Row(
        "second-factor",
        methods="GET POST",
        writes="the secret shown must be the one that is checked: an unconfirmed device, without effect till then",
    ),
    Row("second-factor-remove", methods="GET POST"),
    Row("token-add", methods="GET POST"),
    Row("token-revoke", methods="GET POST", takes=("own token", "another's token")),
    Row("sessions-end", methods="POST"),
    Row("session-end", methods="POST", takes=("own session", "another's session")),
    Row(
        "reveal",
        REVEAL,
        methods="GET POST",
        takes=("telephone",),
        query="?kind=customers.telephone&what=number&id={pk}",
    ),
    api("attachment-list", query="?kind=complaints.complaint&number=TS0", opens=(404,)),
    api("attachment-list", methods="POST"),
    api("attachment-detail", takes=("own upload", "another's upload")),
    api("notice-list", grows="own notice", narrow=("?unread=true",)),
    api("notice-read", methods="POST", takes=("own notice", "another's notice")),
    api("notice-read-all", methods="POST"),
    api("reveal-list", REVEAL, methods="POST"),
    api("search-list", query="?q=东"),
]
