"""Administration of editions, their sections and the figures that they printed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from indicators.admin.definitions import DefinitionAdmin
from indicators.admin.number_field import NumberField
from indicators.models.exact import FigureField
from reports.texts.writing import is_released

from .models import Edition, Publication, Section


class Unreleased(admin.ModelAdmin):
    """What belongs to an edition: a released one is neither changed nor deleted."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether it may still be changed."""
        return super().has_change_permission(request, obj) and not _is_released(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether it may be deleted."""
        return super().has_delete_permission(request, obj) and not _is_released(obj)


def _is_released(obj: Any) -> bool:
    edition = obj.edition if isinstance(obj, Section) else obj
    return isinstance(edition, Edition) and is_released(edition)


@admin.register(Edition)
class EditionAdmin(Unreleased):
    """Editions."""

    list_display = ("year", "title_zh", "target_year", "figures_until")
    search_fields = ("title_zh", "title_en", "year")


@admin.register(Section)
class SectionAdmin(Unreleased):
    """Sections: their place, title and writers; texts are written on their own pages."""

    list_display = ("edition", "position", "level", "title_zh", "kind")
    list_display_links = ("title_zh",)
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("title_zh", "title_en")


@admin.register(Publication)
class PublicationAdmin(DefinitionAdmin):
    """Figures as they were printed."""

    formfield_overrides = {FigureField: {"form_class": NumberField}}
    list_display = ("series", "kind", "shown_period", "printed", "value", "section")
    list_filter = ("section__edition", "kind", "series__indicator__target__goal")
    list_select_related = ("series__indicator", "section__edition")
    search_fields = ("printed", "series__indicator__code", "series__name_zh")

    @admin.display(description=_("period"), ordering="first_month")
    def shown_period(self, publication: Publication) -> str:
        """The period in its ISO form."""
        return publication.period.iso()
