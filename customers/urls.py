"""Routes of this app."""

from django.urls import path

from customers.views import call, customers, parts, tiers, waybills

urlpatterns = [
    path("customers/", customers.listing, name="customer-list"),
    path("customers/new/", customers.new, name="customer-new"),
    path("customers/export/", customers.export, name="customer-export"),
    path("customers/tiers/", tiers.listing, name="customer-tiers"),
    path("customers/tiers/confirm/", tiers.confirm, name="customer-tiers-confirm"),
    path("customers/tiers/reject/", tiers.reject, name="customer-tiers-reject"),
    path("customers/<slug:number>/", customers.detail, name="customer"),
    path("customers/<slug:number>/edit/", customers.edit, name="customer-edit"),
    path("customers/<slug:number>/mark/", customers.mark, name="customer-mark"),
    path("customers/<slug:number>/confirm-mark/", customers.confirm_mark, name="customer-confirm-mark"),
    path("customers/<slug:number>/lift-mark/", customers.lift_mark, name="customer-lift-mark"),
    path("customers/<slug:number>/close/", customers.close, name="customer-close"),
    path("customers/<slug:number>/reopen/", customers.reopen, name="customer-reopen"),
    path("customers/<slug:number>/entrust/", customers.entrust, name="customer-entrust"),
    path("customers/<slug:number>/people/new/", parts.person_new, name="customer-person-new"),
    path("customers/<slug:number>/people/<int:pk>/", parts.person_edit, name="customer-person"),
    path(
        "customers/<slug:number>/people/<int:pk>/remove/", parts.person_remove, name="customer-person-remove"
    ),
    path("customers/<slug:number>/telephones/new/", parts.telephone_new, name="customer-telephone-new"),
    path(
        "customers/<slug:number>/telephones/<int:pk>/remove/",
        parts.telephone_remove,
        name="customer-telephone-remove",
    ),
    path("customers/<slug:number>/addresses/new/", parts.address_new, name="customer-address-new"),
    path(
        "customers/<slug:number>/addresses/<int:pk>/remove/",
        parts.address_remove,
        name="customer-address-remove",
    ),
    path("customers/<slug:number>/consents/new/", parts.consent_new, name="customer-consent-new"),
    path("customers/<slug:number>/consents/<int:pk>/end/", parts.consent_end, name="customer-consent-end"),
    path("customers/<slug:number>/tier/", tiers.grade, name="customer-tier"),
    path("customers/<slug:number>/visits/new/", tiers.visit, name="customer-visit-new"),
    path("customers/<slug:number>/timeline/", tiers.line, name="customer-timeline"),
    path("call/<str:telephone>/", call.call, name="customer-call"),
    path("waybills/", waybills.listing, name="waybill-list"),
    path("waybills/new/", waybills.new, name="waybill-new"),
    path("waybills/export/", waybills.export, name="waybill-export"),
    path("waybills/<slug:number>/", waybills.detail, name="waybill"),
    path("waybills/<slug:number>/facts/", waybills.facts, name="waybill-facts"),
    path("waybills/<slug:number>/cod/", waybills.cod, name="waybill-cod"),
    path("waybills/<slug:number>/events/new/", waybills.event, name="waybill-event"),
    path("waybills/<slug:number>/events/<int:pk>/correct/", waybills.correct, name="waybill-event-correct"),
]
