"""Addresses of the pages that look at everything: the start page and the method."""

from django.urls import path

from reports import views

urlpatterns = [
    path("start/", views.start, name="start"),
    path("about/", views.about, name="about"),
    path("exports/", views.exports, name="exports"),
    path("exports/figures.<slug:format>", views.all_figures, name="all_figures"),
    path(
        "exports/<int:edition>/appendix-<slug:which>.<slug:format>", views.appendix, name="appendix"
    ),
]
