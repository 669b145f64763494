"""Routes of this app. Acts on a ticket are named after the lifecycle table's actions."""

from django.urls import path

from complaints.views import acts, catalogue, handovers, incidents, intake, measures, outcome, papers, queues, slots, table, ticket

urlpatterns = [
    path("desk/", queues.desk, name="desk"),
    path("desk/counts/", queues.desk_counts, name="desk-counts"),
    path("intake/", intake.intake, name="intake"),
    path("intake/preview/", intake.preview, name="intake-preview"),
    path("inbox/", handovers.inbox, name="inbox"),
    path("inbox/<int:pk>/", handovers.inbox, name="inbox-item"),
    path("inbox/<int:pk>/statement/", handovers.hand_in, name="inbox-hand-in"),
    path("inbox/<int:pk>/take-up/", handovers.take_up, name="inbox-take-up"),
    path("inbox/<int:pk>/send-back/", handovers.send_back, name="inbox-send-back"),
    path("handovers/<int:pk>/waive/", handovers.waive, name="complaint-waive"),
    path("measures/<int:pk>/carried-out/", measures.carried_out, name="complaint-measure-done"),
    path("measures/<int:pk>/reviewed/", measures.reviewed, name="complaint-measure-reviewed"),
    path("measures/<int:pk>/verified/", measures.verified, name="complaint-measure-verified"),
    path("follow-ups/", incidents.follow_ups, name="follow-up-list"),
    path("incidents/", incidents.incident_list, name="incident-list"),
    path("incidents/<str:number>/", incidents.incident, name="incident-detail"),
    path("categories/", catalogue.categories, name="category-list"),
    path("categories/new/", catalogue.edit_category, name="category-new"),
    path("categories/try/", catalogue.try_words, name="category-try-words"),
    path("categories/keywords/new/", catalogue.edit_keyword, name="category-keyword-new"),
    path("categories/keywords/<int:pk>/", catalogue.edit_keyword, name="category-keyword-change"),
    path("categories/keywords/<int:pk>/remove/", catalogue.remove_keyword, name="category-keyword-remove"),
    path("categories/<slug:code>/", catalogue.category, name="category-detail"),
    path("categories/<slug:code>/change/", catalogue.edit_category, name="category-change"),
    path("categories/<slug:code>/routing/", catalogue.edit_routing, name="category-routing"),
    path("categories/<slug:code>/subcases/new/", catalogue.edit_subcase, name="category-subcase-new"),
    path("categories/<slug:code>/subcases/<slug:subcase>/", catalogue.edit_subcase, name="category-subcase-change"),
    # Fragments that other apps' pages fetch by name.
    path("complaints/of-customer/<str:number>/", slots.of_customer, name="complaints-of-customer"),
    path("complaints/of-waybill/<str:number>/", slots.of_waybill, name="complaints-of-waybill"),
    path("complaints/of-call/<str:telephone>/", slots.of_call, name="complaints-of-call"),
    path("complaints/people/", slots.people, name="complaint-people"),
    path("complaints/", queues.complaint_list, name="complaint-list"),
    path("complaints/export/", queues.export, name="complaint-export"),
    path("complaints/assign/", queues.assign_many, name="complaint-assign-many"),
    path("complaints/assign/undo/", queues.assign_undo, name="complaint-assign-undo"),
    path("complaints/<str:number>/", ticket.detail, name="complaint-detail"),
    path("complaints/<str:number>/older/", ticket.older, name="complaint-older"),
    path("complaints/<str:number>/write/", ticket.write, name="complaint-write"),
    path("complaints/<str:number>/reply/", ticket.reply, name="complaint-reply"),
    path("complaints/<str:number>/finding/", outcome.finding, name="complaint-finding"),
    path("complaints/<str:number>/notify/", outcome.notify, name="complaint-notify"),
    path("complaints/<str:number>/sheet/", papers.sheet, name="complaint-sheet"),
    path("complaints/<str:number>/sheet.pdf", papers.sheet_pdf, name="complaint-sheet-pdf"),
    path("notices/<str:number>.pdf", papers.notice_pdf, name="complaint-notice-pdf"),
    path("notices/<str:number>/confirmed/", papers.notice_confirmed, name="complaint-notice-confirmed"),
    path("notices/<str:number>/reprint/", papers.notice_reprint, name="complaint-notice-reprint"),
    *(
        path(f"complaints/<str:number>/{act.slug}/", acts.VIEWS[act.code], name=act.url_name)
        for act in table.ACTS
    ),
]
