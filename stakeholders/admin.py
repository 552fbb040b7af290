"""Administration of the stakeholder register."""

from django.contrib import admin

from indicators.admin.reference_files import ReferenceAdmin

from .models import Channel, Engagement, StakeholderGroup
from .resources import ChannelResource, GroupResource


class ChannelsInline(admin.StackedInline):
    """Channels on their group's page."""

    model = Channel
    extra = 0


class EngagementsInline(admin.StackedInline):
    """Each time a channel was used."""

    model = Engagement
    extra = 0


@admin.register(StakeholderGroup)
class StakeholderGroupAdmin(ReferenceAdmin):
    """Stakeholder groups."""

    resource_classes = (GroupResource,)
    list_display = ("number", "name_zh", "topics_zh")
    list_display_links = ("name_zh",)
    list_filter = ("indicators",)
    search_fields = ("name_zh", "name_en", "topics_zh", "channels__name_zh")
    inlines = (ChannelsInline,)


@admin.register(Channel)
class ChannelAdmin(ReferenceAdmin):
    """Channels."""

    resource_classes = (ChannelResource,)
    list_display = ("name_zh", "group", "frequency_zh", "times_per_year")
    list_filter = ("group",)
    list_select_related = ("group",)
    search_fields = ("name_zh", "name_en", "group__name_zh")
    inlines = (EngagementsInline,)


@admin.register(Engagement)
class EngagementAdmin(admin.ModelAdmin):
    """Engagements."""

    list_display = ("held_on", "channel", "participants", "summary")
    list_filter = ("held_on", "channel__group")
    list_select_related = ("channel",)
    search_fields = ("summary", "channel__name_zh", "channel__group__name_zh")
    date_hierarchy = "held_on"
