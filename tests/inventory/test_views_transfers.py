"""Transfers as pages: both sides, what lies between, who may (INV-03 to INV-05, INV-40 to INV-47, LED-06)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from inventory import services
from inventory.models import Transfer
from servicecenter import attachments
from tests import people
from tests.complaints.conftest import make_file as make_file
from tests.doors import client_of, shown, words
from tests.inventory.stores import AT, TODAY, D, Stores, audited, line, on_hand, sides, stocked, transfer
from tests.inventory.test_views import rows

pytestmark = pytest.mark.django_db


pytestmark = pytest.mark.django_db


class TestTransfers:
    def test_each_side_audits_its_own_and_between_them_the_goods_are_in_transit(
        self, s: Stores
    ) -> None:  # INV-42
        stocked(s, line(s.wrench, 5))
        planner, near, far = client_of(s.planner), client_of(s.accountant), client_of(s.accountant_far)
        sent = {
            "business_date": timezone.localdate().isoformat(), "kind": "directive", "source": s.sound.code,
            "target": s.far.code, "requisition": "LL-7", **rows((s.wrench.code, "3")),
        }  # fmt: skip
        planner.post("/stock/transfers/new/", sent)
        made = Transfer.objects.get()
        planner.post(f"/stock/transfers/{made.number}/audit/", {"version": made.version})
        out, into = sides(made)
        refused = far.post(f"/stock/documents/{out.number}/audit/", {"version": out.version})
        assert refused.status_code == 403
        assert on_hand(s.sound, s.wrench) == [D(5)]
        near.post(f"/stock/documents/{out.number}/audit/", {"version": out.version})
        assert (on_hand(s.sound, s.wrench), on_hand(s.far, s.wrench)) == ([D(2)], [D(0)])
        assert "3.000" in words(far.get("/stock/in-transit/"))
        into.refresh_from_db()
        far.post(f"/stock/documents/{into.number}/audit/", {"version": into.version})
        assert on_hand(s.far, s.wrench) == [D(3)]
        page = words(near.get(f"/stock/transfers/{made.number}/"))
        assert out.number in page
        assert into.number in page

    def test_an_accountant_cannot_make_one_across_departments(self, s: Stores) -> None:  # INV-05
        sent = {
            "business_date": TODAY.isoformat(), "kind": "negotiated", "source": s.sound.code, "target": s.far.code,
            "remarks": "两部经理同意", **rows((s.wrench.code, "3")),
        }  # fmt: skip
        page = shown(client_of(s.accountant).post("/stock/transfers/new/", sent), 422)
        assert "两部经理同意" in page
        assert not Transfer.objects.exists()

    def test_where_nothing_is_on_its_way_the_dialogs_say_so_and_offer_no_button(self, s: Stores) -> None:
        """LED-06: no empty table, no button that would be refused."""
        stocked(s, line(s.wrench, 5))
        moved = services.audit_transfer(transfer=transfer(s, (s.wrench, 2)), by=s.accountant, at=AT)
        browser = client_of(s.accountant)
        for act in ("receive-rest", "loss"):
            page = shown(browser.get(f"/stock/transfers/{moved.number}/{act}/"))
            assert "<table" not in page
            assert 'type="button" aria-disabled="true"' in page
            assert 'class="dfoot"' in page
        outbound, inbound = sides(moved)
        audited(outbound, s.accountant)
        assert inbound.number in shown(browser.get(f"/stock/transfers/{moved.number}/receive-rest/"))
        page = shown(browser.get(f"/stock/transfers/{moved.number}/loss/"))
        assert "<table" in page
        assert 'aria-disabled="true"' not in page.split('class="dfoot"')[1]

    def test_sound_goods_do_not_go_to_a_damaged_store(self, s: Stores) -> None:  # INV-24
        sent = {
            "business_date": TODAY.isoformat(), "kind": "internal", "source": s.sound.code, "target": s.damaged.code,
            **rows((s.wrench.code, "3")),
        }  # fmt: skip
        page = shown(client_of(s.accountant).post("/stock/transfers/new/", sent), 422)
        assert 'id="id_target_error"' in page
        assert not Transfer.objects.exists()

    def test_the_approved_requisition_is_kept_with_it(self, s: Stores, make_file: Any) -> None:  # INV-41
        made = transfer(s, (s.wrench, 3))
        file = attachments.store(file=make_file("联络单.jpg"), by=s.accountant)
        browser = client_of(s.accountant)
        browser.post(f"/stock/transfers/{made.number}/files/", {"attachments": [file.public_id]})
        assert "联络单.jpg" in shown(browser.get(f"/stock/transfers/{made.number}/"))
        for who, status in ((s.accountant, 200), (people.user("storekeeper", department="branch_east"), 404)):
            answer = client_of(who).get(f"/attachments/{file.public_id}/")
            assert answer.status_code == status
            assert not answer.streaming or b"".join(answer.streaming_content)

    def test_what_has_moved_is_not_un_audited_with_its_transfer(self, s: Stores) -> None:  # LED-06
        stocked(s, line(s.wrench, 5))
        made = transfer(s, (s.wrench, 3))
        browser = client_of(s.accountant)
        browser.post(f"/stock/transfers/{made.number}/audit/", {"version": made.version})
        out, _into = sides(made)
        browser.post(f"/stock/documents/{out.number}/audit/", {"version": out.version})
        made.refresh_from_db()
        answer = browser.post(f"/stock/transfers/{made.number}/unaudit/", {"version": made.version})
        assert answer.status_code == 422
        made.refresh_from_db()
        assert made.state == "audited"
