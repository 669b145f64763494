"""The floors' addresses, before the product's own: the row templates link to those."""

from django.urls import include, path

from bench.floors import views

urlpatterns = [
    path("floor/queue/", views.queue),
    path("floor/handed/", views.handed),
    path("floor/counts/", views.counts),
    path("floor/ticket/<str:number>/", views.ticket),
    path("floor/register/", views.register),
    path("", include("servicecenter.urls")),
]
