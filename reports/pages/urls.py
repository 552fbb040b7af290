"""Addresses of the pages that look at everything: start, method, spreadsheets, and the reports."""

from django.urls import path

from reports import edition_views, section_views, views

urlpatterns = [
    path("start/", views.start, name="start"),
    path("about/", views.about, name="about"),
    path("exports/", views.exports, name="exports"),
    path("exports/figures.<slug:format>", views.all_figures, name="all_figures"),
    path("exports/<int:edition>/<slug:which>.<slug:format>", views.sheet, name="sheet"),
    path("editions/", edition_views.editions, name="editions"),
    path("editions/pictures/<int:pk>/", edition_views.section_picture, name="section_picture"),
    path("editions/<int:year>/", edition_views.edition, name="edition"),
    path("editions/<int:year>/checks/", edition_views.checks, name="edition_checks"),
    path("editions/<int:year>/changes/", edition_views.edition_changes, name="edition_changes"),
    path(
        "editions/<int:year>/changes.<slug:format>", edition_views.changes_file, name="changes_file"
    ),
    path(
        "editions/<int:year>/reconciliation/", edition_views.reconciliation, name="reconciliation"
    ),
    path("editions/<int:year>/figures/", section_views.figures, name="edition_figures"),
    path("editions/<int:year>/report/", edition_views.report, name="report"),
    path(
        "editions/<int:year>/report/<slug:key>/",
        edition_views.report_picture,
        name="report_picture",
    ),
    path("editions/<int:year>/report.<slug:format>", edition_views.report_file, name="report_file"),
    path(
        "editions/<int:year>/make/<slug:format>/", edition_views.ask_for_file, name="ask_for_file"
    ),
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
