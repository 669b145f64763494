"""Routes of this app: boards and reports."""

from django.urls import path

from reports.views import (
    boards,
    boards_claims,
    boards_management,
    boards_stock,
    reports,
    reports_files,
    reports_making,
)

urlpatterns = [
    path("board/", boards.board, name="board"),
    path("board/management/", boards_management.management, name="board-management"),
    path("board/claims/", boards_claims.claims_desk, name="board-claims"),
    path("board/stock/", boards_stock.stock, name="board-stock"),
    path("reports/", reports.report_list, name="report-list"),
    path("reports/make/", reports_making.make, name="report-make"),
    path("reports/<str:number>.pdf", reports_files.paper, name="report-pdf"),
    path("reports/<str:number>/", reports.detail, name="report-detail"),
    path("reports/<str:number>/draw/", reports_files.draw, name="report-draw"),
    path("reports/<str:number>/progress/", reports_making.progress, name="report-progress"),
    path("reports/<str:number>/retry/", reports_making.retry, name="report-retry"),
    path("reports/<str:number>/rows/<str:key>/", reports.rows, name="report-rows"),
    path("reports/<str:number>/spreadsheet/", reports_files.spreadsheet, name="report-spreadsheet"),
    path("reports/<str:number>/state/", reports_making.state, name="report-state"),
]
