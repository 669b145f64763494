"""The sentences of this app's codes: history, notices, rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TRAIL: dict[str, object] = {
    "claim.opened": _("opened the claim on waybill %(waybill)s"),
}
NOTICES: dict[str, object] = {}
RULES: dict[str, object] = {
    "ruleset.none": _("There are no liability rules for %(day)s."),
    "ruleset.unknown": _("There is no version %(version)s of the liability rules."),
}
