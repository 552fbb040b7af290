"""Addresses of the indicators' pages."""

from django.urls import path

from indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.overview_page, name="overview"),
    path("indicators/<str:code>/", views.indicator, name="indicator"),
    path("preferences/", views.preferences, name="preferences"),
]
