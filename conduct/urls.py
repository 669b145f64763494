"""Routes of this app."""

from django.urls import path

from conduct.views import merit, sanctions

urlpatterns = [
    path("conduct/", sanctions.home, name="conduct-home"),
    path("conduct/violations/", merit.catalogue, name="conduct-catalogue"),
    path("sanctions/", sanctions.listing, name="sanction-list"),
    path("sanctions/new/", sanctions.new, name="sanction-new"),
    path("sanctions/export/", sanctions.export, name="sanction-export"),
    path("sanctions/<slug:number>/", sanctions.detail, name="sanction"),
    path("sanctions/<slug:number>/amount/", sanctions.set_amount, name="sanction-amount"),
    path("sanctions/<slug:number>/confirm/", sanctions.confirm, name="sanction-confirm"),
    path("sanctions/<slug:number>/settle/", sanctions.settle, name="sanction-settle"),
    path("sanctions/<slug:number>/withdraw/", sanctions.withdraw, name="sanction-withdraw"),
    path("merit/", merit.merit, name="merit"),
    path("merit/export/", merit.export, name="merit-export"),
    path("merit/<int:year>/<int:month>/issue/", merit.issue, name="merit-issue"),
]
