"""Addresses of the indicators' pages."""

from django.urls import path, register_converter

from indicators.pages import proposals, transfer, views
from indicators.pages.grid import views as grid
from indicators.pages.imports import readings
from indicators.pages.imports import views as imports
from indicators.pages.returns import views as returns


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
    path("indicators/<code:code>/transfer/", transfer.transfer_page, name="transfer"),
    path("entry/", grid.entry_start, name="entry"),
    path("entry/<slug:agency>/<int:year>/", grid.grid_page, name="grid"),
    path("entry/<slug:agency>/<int:year>/save/", grid.save_grid, name="save_grid"),
    path("entry/<slug:agency>/<int:year>/paste/", grid.paste_grid, name="paste_grid"),
    path("entry/<slug:agency>/<int:year>/<int:month>/", grid.month_page, name="month"),
    path("entry/<slug:agency>/upload/", imports.upload, name="upload"),
    path("entry/<slug:agency>/readings/", readings.readings, name="readings"),
    path("entry/<slug:agency>/<int:year>/template.xlsx", imports.template_file, name="template"),
    path("entry/<slug:agency>/evidence/", grid.add_evidence, name="add_evidence"),
    path("evidence/<uuid:pk>/", grid.evidence, name="evidence"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:pk>/", imports.import_page, name="import"),
    path("imports/<uuid:pk>/act/", imports.act_on_import, name="act_on_import"),
    path("imports/<uuid:pk>/comments.xlsx", imports.annotated_file, name="annotated"),
    path("returns/", returns.completeness_page, name="returns"),
    path("returns/hand-over/", returns.hand_over_page, name="hand_over"),
    path("returns/<slug:agency>/<int:year>/<int:month>/", returns.one_return, name="return"),
    path("changes/", proposals.proposals_page, name="proposals"),
    path("preferences/", views.preferences, name="preferences"),
]
