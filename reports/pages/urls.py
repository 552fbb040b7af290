"""Addresses of the pages that look at everything: start, method, spreadsheets, and the reports."""

from django.urls import path

from reports.pages import views
from reports.pages.editions import section_views
from reports.pages.editions import views as editions

urlpatterns = [
    path("start/", views.start, name="start"),
    path("about/", views.about, name="about"),
    path("exports/", views.exports, name="exports"),
    path("exports/figures.<slug:format>", views.all_figures, name="all_figures"),
    path("exports/<int:edition>/<slug:which>.<slug:format>", views.sheet, name="sheet"),
    path("editions/", editions.editions, name="editions"),
    path("editions/pictures/<int:pk>/", editions.section_picture, name="section_picture"),
    path("editions/<int:year>/", editions.edition, name="edition"),
    path("editions/<int:year>/checks/", editions.checks, name="edition_checks"),
    path("editions/<int:year>/changes/", editions.edition_changes, name="edition_changes"),
    path("editions/<int:year>/changes.<slug:format>", editions.changes_file, name="changes_file"),
    path("editions/<int:year>/reconciliation/", editions.reconciliation, name="reconciliation"),
    path("editions/<int:year>/figures/", section_views.figures, name="edition_figures"),
    path("editions/<int:year>/report/", editions.report, name="report"),
    path(
        "editions/<int:year>/report/<slug:key>/",
        editions.report_picture,
        name="report_picture",
    ),
    path("editions/<int:year>/report.<slug:format>", editions.report_file, name="report_file"),
    path("editions/<int:year>/make/<slug:format>/", editions.ask_for_file, name="ask_for_file"),
    path("editions/<int:year>/sections/<slug:key>/", section_views.section, name="section"),
    path("editions/<int:year>/sections/<slug:key>/draft/", section_views.draft, name="draft"),
    path(
        "editions/<int:year>/sections/<slug:key>/history/",
        section_views.history,
        name="section_history",
    ),
    path(
        "editions/<int:year>/sections/<slug:key>/pictures/",
        section_views.pictures,
        name="section_pictures",
    ),
]
