"""Routes of this app. Acts on a claim are named after the lifecycle tables' actions."""

from django.urls import path

from claims.views import (
    acts,
    approvals,
    claim,
    counter,
    desk,
    determination,
    lines,
    opening,
    rules,
    slots,
    table,
    vouchers,
)

urlpatterns = [
    path("claims/", desk.claim_list, name="claim-list"),
    path("claims/new/", opening.new, name="claim-new"),
    path("claims/approvals/", approvals.approvals, name="claim-approvals"),
    path("claims/approvals/<int:pk>/", approvals.sign, name="claim-sign"),
    path("claims/rules/", rules.rules, name="claim-rules"),
    path("claims/rules/<str:code>/", rules.ruleset, name="claim-ruleset"),
    # Fragments that other apps' pages fetch by name.
    path("claims/of-complaint/<str:number>/", slots.of_complaint, name="complaint-claims"),
    path("claims/of-waybill/<str:number>/", slots.of_waybill, name="claims-of-waybill"),
    path("claims/of-customer/<str:number>/", slots.of_customer, name="claims-of-customer"),
    path("claims/people/", slots.people, name="claim-people"),
    path("claims/<str:number>/", claim.detail, name="claim-detail"),
    path("claims/<str:number>/change/", opening.change, name="claim-change"),
    path("claims/<str:number>/goods/", lines.goods, name="claim-goods"),
    path("claims/<str:number>/parties/", lines.bind, name="claim-party"),
    path("claims/<str:number>/parties/<str:role>/remove/", lines.unbind, name="claim-party-remove"),
    path("claims/<str:number>/parts/", lines.parts, name="claim-parts"),
    path("claims/<str:number>/parts/<int:pk>/issue/", vouchers.issue, name="claim-issue"),
    path("claims/<str:number>/determination/", determination.determine, name="claim-determine"),
    path("claims/<str:number>/determination/verdict/", determination.verdict, name="claim-verdict"),
    path("claims/<str:number>/determination/by-hand/", determination.by_hand, name="claim-by-hand"),
    path("claims/<str:number>/determination/override/", determination.override, name="claim-override"),
    path("claims/<str:number>/facts/<str:fact>/", determination.evidence, name="claim-evidence"),
    path("claims/<str:number>/papers/<str:document>.pdf", claim.paper_pdf, name="claim-paper-pdf"),
    path("claims/<str:number>/opinion.pdf", claim.opinion_pdf, name="claim-opinion-pdf"),
    path(
        "claims/<str:number>/objections/<int:pk>/decide/",
        approvals.decide_objection,
        name="claim-decide-objection",
    ),
    *(
        path(f"claims/<str:number>/{act.slug}/", acts.VIEWS[act.code], name=act.url_name)
        for act in table.ACTS
    ),
    path("vouchers/", vouchers.voucher_list, name="voucher-list"),
    path("vouchers/<str:number>.pdf", vouchers.voucher_pdf, name="voucher-pdf"),
    path("vouchers/<str:number>/", vouchers.voucher, name="voucher-detail"),
    path("vouchers/<str:number>/stub/", vouchers.stub, name="voucher-stub"),
    path("vouchers/<str:number>/stub.pdf", vouchers.stub_pdf, name="voucher-stub-pdf"),
    path("vouchers/<str:number>/reprint/", vouchers.reprint, name="voucher-reprint"),
    path("vouchers/<str:number>/void/", vouchers.void, name="voucher-void"),
    path("vouchers/<str:number>/reissue/", vouchers.reissue, name="voucher-reissue"),
    path("counter/", counter.counter, name="counter"),
    path("counter/<str:number>/", counter.voucher, name="counter-voucher"),
]
