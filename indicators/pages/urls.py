"""Addresses of the indicators' pages."""

from django.urls import path, register_converter

from indicators import entry_views, import_views, return_views, views


class CodeConverter:
    """An indicator's code in an address, in either case; nothing else reaches the database."""

    regex = r"[0-9]{1,2}\.(?:[0-9]{1,2}|[A-Za-z])\.[0-9]{1,3}"

    def to_python(self, value: str) -> str:
        """The code as it is kept."""
        return value.lower()

    def to_url(self, value: str) -> str:
        """The code as it is kept."""
        return value


register_converter(CodeConverter, "code")

app_name = "indicators"
urlpatterns = [
    path("", views.overview_page, name="overview"),
    path("indicators/<code:code>/", views.indicator, name="indicator"),
    path("entry/", entry_views.entry_start, name="entry"),
    path("entry/<slug:agency>/<int:year>/", entry_views.grid_page, name="grid"),
    path("entry/<slug:agency>/<int:year>/save/", entry_views.save_grid, name="save_grid"),
    path("entry/<slug:agency>/<int:year>/<int:month>/", entry_views.month_page, name="month"),
    path("entry/<slug:agency>/upload/", import_views.upload, name="upload"),
    path(
        "entry/<slug:agency>/<int:year>/template.xlsx", import_views.template_file, name="template"
    ),
    path("entry/<slug:agency>/evidence/", entry_views.add_evidence, name="add_evidence"),
    path("evidence/<uuid:pk>/", entry_views.evidence, name="evidence"),
    path("imports/", import_views.imports, name="imports"),
    path("imports/<uuid:pk>/", import_views.import_page, name="import"),
    path("imports/<uuid:pk>/act/", import_views.act_on_import, name="act_on_import"),
    path("imports/<uuid:pk>/comments.xlsx", import_views.annotated_file, name="annotated"),
    path("returns/", return_views.completeness_page, name="returns"),
    path("returns/hand-over/", return_views.hand_over_page, name="hand_over"),
    path("returns/<slug:agency>/<int:year>/<int:month>/", return_views.one_return, name="return"),
    path("preferences/", views.preferences, name="preferences"),
]
