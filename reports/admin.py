"""Administration of editions, their sections and the figures that they printed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import Edition, Publication, Section


class SectionsInline(admin.StackedInline):
    """Sections on their edition's page."""

    model = Section
    extra = 0


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """Editions."""

    list_display = ("year", "title_zh", "title_en")
    search_fields = ("title_zh", "title_en", "year")
    inlines = (SectionsInline,)


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    """Sections."""

    list_display = ("edition", "position", "title_zh")
    list_display_links = ("title_zh",)
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("title_zh", "title_en")


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin):
    """Figures as they were printed."""

    list_display = ("series", "kind", "shown_period", "printed", "value", "section")
    list_filter = ("section__edition", "kind", "series__indicator__target__goal")
    list_select_related = ("series__indicator", "section__edition")
    search_fields = ("printed", "series__indicator__code", "series__name_zh")

    @admin.display(description=_("period"), ordering="first_month")
    def shown_period(self, publication: Publication) -> str:
        """The period in its ISO form."""
        return publication.period.iso()
