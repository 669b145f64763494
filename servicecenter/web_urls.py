"""Pages of the ground floor: home, login, profile, notices, files, drafts, views, search, gallery."""

from django.urls import URLPattern, path

from servicecenter.views import files, frame, kept, logins, notices, profile, reveal, search

urlpatterns: list[URLPattern] = [
    path("", frame.home, name="home"),
    path("login/", logins.login, name="login"),
    path("login/code/", logins.login_code, name="login-code"),
    path("login/demo/", logins.login_demo, name="login-demo"),
    path("logout/", logins.logout, name="logout"),
    path("help/", frame.help_sheet, name="help"),
    path("gallery/", frame.gallery, name="gallery"),
    path("language/", frame.language, name="language"),
    path("taste/", frame.taste, name="taste"),
    path("knock/", frame.knock, name="knock"),
    path("shell/counts/", frame.counts, name="shell-counts"),
    path("palette/", kept.palette, name="palette"),
    path("search/", search.search, name="search"),
    path("notices/", notices.inbox, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read-all"),
    path("notices/<int:pk>/", notices.read, name="notice-read"),
    path("drafts/", kept.draft, name="drafts"),
    path("views/", kept.views, name="saved-views"),
    path("views/restore/", kept.view_restore, name="saved-view-restore"),
    path("views/<int:pk>/delete/", kept.view_delete, name="saved-view-delete"),
    path("views/<int:pk>/share/", kept.view_share, name="saved-view-share"),
    path("views/<int:pk>/unshare/", kept.view_unshare, name="saved-view-unshare"),
    path("presence/", kept.presence, name="presence"),
    path("attachments/", files.upload, name="attachments"),
    path("attachments/<str:public_id>/", files.download, name="attachment"),
    path("reveal/", reveal.reveal, name="reveal"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", logins.password_change, name="password-change"),
    path("profile/codes/", profile.second_factor_setup, name="second-factor"),
    path("profile/codes/remove/", profile.second_factor_remove, name="second-factor-remove"),
    path("profile/tokens/", profile.token_add, name="token-add"),
    path("profile/tokens/<int:pk>/revoke/", profile.token_revoke, name="token-revoke"),
    path("profile/sessions/", profile.sessions_end, name="sessions-end"),
    path("profile/sessions/<int:pk>/", profile.session_end, name="session-end"),
]
