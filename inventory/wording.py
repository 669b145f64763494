"""The sentences of this app's codes: trail, notices, rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from inventory.choices import Category, CountKind, PhotoSlot, RedReason, WarehouseKind

TRAIL: dict[str, object] = {
    "stockdoc.made": _("made the document with %(lines)s lines"),
    "stockdoc.made_by_transfer": _("made by the transfer %(transfer)s"),
    "stockdoc.made_by_count": _("made and posted by the count %(stocktake)s"),
    "stockdoc.red_made": _("made a red letter of %(original)s (%(red_reason)s)"),
    "stockdoc.imported": _("made by the import of the opening stock, %(lines)s lines"),
    "stockdoc.save": _("saved the document with %(lines)s lines"),
    "stockdoc.edit": _("began to change the document"),
    "stockdoc.abandon": _("left the document unchanged"),
    "stockdoc.approve": _("approved the document"),
    "stockdoc.audit": _("audited the document (posting %(posting)s)"),
    "stockdoc.unaudit": _("un-audited the document (posting %(posting)s)"),
    "stockdoc.void": _("deleted the document: %(reason)s"),
    "stockdoc.claim": _("had the claim %(claim)s opened on waybill %(waybill)s"),
    "stockdoc.printed": _("printed the document, no. %(ordinal)s"),
    "transfer.made": _("made the transfer with %(lines)s lines"),
    "transfer.save": _("saved the transfer with %(lines)s lines"),
    "transfer.edit": _("began to change the transfer"),
    "transfer.abandon": _("left the transfer unchanged"),
    "transfer.audit": _("audited the transfer"),
    "transfer.unaudit": _("un-audited the transfer"),
    "transfer.void": _("deleted the transfer: %(reason)s"),
    "transfer.batch_printed": _("printed the transfer with the negotiated ones of %(month)s"),
    "stocktake.begun": _("began the count (%(count_kind)s) with %(lines)s lines"),
    "stocktake.counts": _("wrote down what was counted in %(lines)s lines"),
    "stocktake.explained": _("explained %(lines)s lines"),
    "stocktake.finish": _("counted everything"),
    "stocktake.hand_in": _("handed the count in, %(differing)s lines differ"),
    "stocktake.recount": _("had %(lines)s lines counted again: %(reason)s"),
    "stocktake.approve": _("approved the count; %(differing)s differing lines are posted"),
    "stocktake.void": _("gave the count up: %(reason)s"),
    "stocktake.printed": _("printed the count sheet, no. %(ordinal)s"),
    "period.closed": _("closed the stock of %(month)s"),
    "period.reopened": _("opened the stock of %(month)s again: %(reason)s"),
    "item.made": _("made the item code %(item)s"),
    "item.changed": _("changed the item %(item)s"),
    "item.placed": _("changed where it lies in %(warehouse)s"),
    "itemrequest.made": _("asked for a code for %(item_name)s"),
    "itemrequest.pass_on": _("passed the request on to business management"),
    "itemrequest.grant": _("made the code %(item)s of it"),
    "itemrequest.refuse": _("refused the request: %(reason)s"),
    "itemrequest.withdraw": _("withdrew the request: %(reason)s"),
    "supplier.made": _("added the supplier %(supplier)s"),
    "supplier.changed": _("changed the supplier %(supplier)s"),
    "warehouse.made": _("opened the warehouse %(warehouse)s"),
    "warehouse.changed": _("changed the warehouse %(warehouse)s"),
}
NOTICES: dict[str, object] = {
    "stock.to_issue": _("%(document)s waits to be issued, for %(warehouse)s"),
    "stock.count_to_approve": _(
        "The count %(stocktake)s of %(warehouse)s waits for your approval; %(differing)s lines differ"
    ),
    "stock.count_again": _("%(lines)s lines of the count %(stocktake)s are to be counted again: %(reason)s"),
    "stock.count_approved": _("The count %(stocktake)s is approved and posted"),
    "stock.code_to_pass_on": _(
        "%(number)s: %(warehouse)s asks for a code for %(item_name)s; look at it and pass it on"
    ),
    "stock.code_to_decide": _(
        "%(number)s: a code for %(item_name)s of %(warehouse)s waits for your decision"
    ),
    "stock.code_made": _("%(number)s: %(item_name)s has the code %(item)s now"),
    "stock.code_refused": _("%(number)s: no code for %(item_name)s: %(reason)s"),
    "stock.on_its_way": _("Goods of %(document)s are on their way to %(warehouse)s"),
}
RULES: dict[str, object] = {
    "stock.policy_transit": _("From %(least)s to %(most)s days."),
    "stock.short": _(
        "Line %(line)s, %(item)s: %(needed)s %(unit)s needed, %(on_hand)s on hand, %(missing)s missing; in transit"
        " %(in_transit)s; last movements: %(last)s."
    ),
    "stock.short_then": _(
        "Line %(line)s, %(item)s: %(needed)s %(unit)s needed, but on %(lowest_on)s only %(lowest)s lay there; on hand"
        " now %(on_hand)s, in transit %(in_transit)s; last movements: %(last)s. Give the document a later date."
    ),
    "stock.card_long": _("More than %(limit)s movements. Choose fewer days."),
    "quantity.zero": _("Give a quantity other than zero."),
    "quantity.large": _("The quantity is too large."),
    "quantity.unit": _("The item is not counted in “%(value)s”; its unit is %(known)s."),
    "quantity.decimals": _("A quantity has at most three decimals."),
    "line.unknown_item": _("Line %(line)s: there is no item %(item)s. Pick it from the list with F2."),
    "line.closed_item": _("Line %(line)s: %(item)s is no longer used."),
    "line.red_below_zero": _("Line %(line)s: on a red letter the quantity is below zero."),
    "line.blue_above_zero": _("Line %(line)s: the quantity is above zero; goods go back by a red letter."),
    "line.price": _("Line %(line)s: a price in yuan, not below zero, with at most two decimals."),
    "line.too_long": _("Line %(line)s: at most %(limit)s characters."),
    "line.repair_class_two": _(
        "Line %(line)s: %(item)s is not of repair class II; only class II is sent for repair."
    ),
    "line.class_one_returned": _(
        "Line %(line)s: %(item)s is of class I and goes back to production management."
    ),
    "line.scrap_reason": _(
        "Line %(line)s: %(item)s is not of class I; say in the remarks why it cannot be repaired any more."
    ),
    "line.follows_none": _("Line %(line)s: %(item)s does not stand on the document that this one follows."),
    "line.follows_twice": _("Line %(line)s: %(item)s stands twice."),
    "document.field_needed": _("This is required."),
    "document.lines_needed": _("The document has no lines."),
    "document.too_many_lines": _("At most %(limit)s lines."),
    "document.warehouse_kind": _(
        "%(stock_category)s is not possible in a warehouse of the kind “%(stock_kind)s”."
    ),
    "document.colour": _("%(stock_category)s is made in the other colour only."),
    "document.not_by_hand": _(
        "%(stock_category)s is made from a transfer or an original document, not by hand."
    ),
    "document.original_needed": _("Name the document that this one follows."),
    "document.original_kind": _("The document named does not fit %(stock_category)s, or is not audited."),
    "document.direction_kept": _("An inbound document stays inbound, an outbound one outbound."),
    "document.warehouse_kept": _(
        "After the first audit the warehouse of %(number)s can no longer change. Delete it and make a new one."
    ),
    "document.future": _("The date lies ahead of today."),
    "document.backdate": _("You do not have the right to give an earlier date."),
    "document.of_transfer": _("This document goes with its transfer; un-audit the transfer."),
    "document.no_approval_needed": _("This document needs no approval."),
    "document.approved_already": _("This document is approved already."),
    "document.approve_own": _("You made it; another person must approve."),
    "document.not_counted": _("The goods are not counted yet. Note the count, then audit."),
    "document.not_approved": _("The department has not approved it yet."),
    "document.audit_own": _("You made it; another person must audit."),
    "document.downstream": _("%(numbers)s stands on it. Take that back first, or make a red letter instead."),
    "red.reason_needed": _("Choose the reason of the red letter."),
    "red.reason": _("Goods of %(stock_category)s cannot be returned for the reason “%(red_reason)s”."),
    "red.inbound_only": _("By policy only goods that arrived lost or damaged are returned."),
    "red.of_red": _("A red letter has no red letter of its own."),
    "red.nothing_left": _("Everything of this document has been returned already."),
    "red.original_not_audited": _("The original %(number)s is not audited."),
    "red.beyond_original": _("Line %(line)s: only %(left)s of the original are left to return."),
    "red.no_such_line": _("The original has no line %(line)s."),
    "red.above_zero": _("Line %(line)s: say how much is returned, above zero."),
    "transfer.cross_department": _(
        "The warehouses belong to different departments; only planning of business management makes this transfer."
    ),
    "transfer.through_planning": _("By policy planning of business management makes all transfers."),
    "transfer.same_warehouse": _("From and to are the same warehouse."),
    "transfer.kinds": _("Both warehouses hold sound stock, or both hold damaged stock."),
    "transfer.kind_needed": _("Choose the source of the transfer."),
    "transfer.kind_across": _("Between departments a transfer is made by directive or by agreement."),
    "transfer.kind_within": _("Both warehouses belong to one department: choose “within the department”."),
    "transfer.requisition_needed": _("Give the number of the approved requisition."),
    "transfer.consent_needed": _("Write into the remarks that the department managers agree."),
    "transfer.no_transit": _(
        "There is no transit warehouse above both departments. Have one opened in the settings."
    ),
    "transfer.outbound_first": _("The outbound document is not audited yet; nothing is on its way."),
    "transfer.beyond_order": _("Line %(line)s: only %(left)s are still to be issued by the transfer."),
    "transfer.beyond_transit": _("Line %(line)s: only %(left)s are on their way."),
    "transfer.nothing_in_transit": _("Nothing of this transfer is on its way."),
    "transfer.inbound_waiting": _("%(number)s waits to be received already."),
    "document.claim_none": _(
        "Only a loss in transit, or goods that arrived lost or damaged, become a claim."
    ),
    "document.claimed_already": _("A claim has been opened for it already."),
    "document.claims_away": _("Claims are not kept here; report the loss to the claims department."),
    "document.of_count": _(
        "A count posted it, with an approval; what is wrong in it is mended by a new count."
    ),
    "stocktake.warehouse_kind": _("Goods under way are not counted."),
    "stocktake.due_past": _("The day lies in the past."),
    "stocktake.whole": _("The counts of the month and the quarter are of the whole warehouse."),
    "stocktake.under_way": _("%(number)s of this warehouse is not finished yet."),
    "stocktake.no_lines": _("Nothing lies there that could be counted."),
    "stocktake.too_many": _("More than %(limit)s lines. Count one item class after the other."),
    "stocktake.uncounted": _("%(count)s lines are not counted yet. Type 0 where nothing lies."),
    "stocktake.unexplained": _("%(count)s lines differ without cause and explanation."),
    "stocktake.counted_already": _("Line %(line)s, %(item)s: the count is finished; have it counted again."),
    "stocktake.quantity": _("Line %(line)s, %(item)s: a quantity from zero on, with at most three decimals."),
    "stocktake.cause": _("Line %(line)s: choose the cause from the list."),
    "stocktake.witness_needed": _("Name who watched."),
    "stocktake.nothing_again": _("Choose lines of this count."),
    "stocktake.approve_own": _("You made it or handed it in; another person must approve."),
    "period.closed": _("The stock of %(month)s is closed. Give a date in an open month."),
    "period.running": _("%(month)s is not over yet."),
    "period.closed_already": _("%(month)s is closed already."),
    "period.in_order": _("An earlier month is still open; close the months in their order."),
    "period.obstacles": _("%(count)s documents must be finished first: %(numbers)s"),
    "period.not_closed": _("%(month)s is not closed."),
    "period.not_latest": _("Only the latest closed month can be opened again."),
    "item.code_form": _("A code has 2 to 30 capital letters, digits, dots or dashes."),
    "item.code_taken": _("The code %(item)s is taken."),
    "item.name_needed": _("The name is needed in simplified Chinese at least."),
    "item.class": _("Choose one of the six classes."),
    "item.repair_class": _("Choose a repair class."),
    "item.unit_needed": _("Give the unit."),
    "item.unit_kept": _("%(item)s has moved already; its unit can no longer change."),
    "item.aux_pair": _("An auxiliary unit and its factor come together."),
    "item.aux_factor": _("The factor is above zero, with at most three decimals."),
    "item.reserve": _("The greatest reserve is below the least."),
    "item.reserve_form": _("A reserve is not below zero and has at most three decimals."),
    "item.too_long": _("At most %(limit)s characters."),
    "itemrequest.photo_needed": _("Add a picture: %(photo_slot)s."),
    "itemrequest.photo_kind": _("“%(name)s” is no picture."),
    "supplier.name_needed": _("Give the supplier's name."),
    "supplier.unknown": _("There is no such supplier, or it is no longer used."),
    "warehouse.unknown": _("There is no such warehouse."),
    "warehouse.closed": _("The warehouse %(name)s is closed."),
    "warehouse.kind": _("Choose the kind of warehouse."),
    "warehouse.not_empty": _("%(name)s still holds stock."),
    "warehouse.drafts": _("Documents still wait in %(name)s."),
    "stock.column_missing": _("The column “%(column)s” is missing."),
    "stock.import_code": _("There is no code in this line."),
    "stock.import_number": _("“%(value)s” is no number."),
    "stock.import_date": _("“%(value)s” is no date."),
    "stock.import_item": _("There is no item %(value)s."),
    "stock.import_warehouse": _("There is no warehouse %(value)s where you may load stock."),
    "stock.import_choice": _("“%(value)s” is not known. Known are: %(known)s"),
    "stock.import_twice": _("Stands in line %(line)s already."),
    "stock.import_opened": _("%(value)s has an opening document already: %(number)s"),
    "stock.import_fault": _("%(text)s"),
}


def _category(value: object) -> str:
    return str(Category(str(value)).label) if str(value) in Category.values else str(value)


def _kind(value: object) -> str:
    return str(WarehouseKind(str(value)).label) if str(value) in WarehouseKind.values else str(value)


def _reason(value: object) -> str:
    return str(RedReason(str(value)).label) if str(value) in RedReason.values else str(value)


def _count(value: object) -> str:
    return str(CountKind(str(value)).label) if str(value) in CountKind.values else str(value)


def _slot(value: object) -> str:
    return str(PhotoSlot(str(value)).label) if str(value) in PhotoSlot.values else str(value)


# How a parameter that is itself a code is said.
PARAMS = {
    "stock_category": _category,
    "stock_kind": _kind,
    "red_reason": _reason,
    "count_kind": _count,
    "photo_slot": _slot,
}
