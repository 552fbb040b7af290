"""The columns of the stakeholder register as spreadsheets carry them."""

from import_export import widgets
from import_export.fields import Field

from indicators.admin.reference_files import CodeWidget, ReferenceResource
from indicators.models import Indicator

from .models import Channel, StakeholderGroup


class GroupResource(ReferenceResource):
    """Stakeholder groups with the codes of their linked indicators."""

    indicators = Field(
        "indicators", "indicators", widgets.ManyToManyWidget(Indicator, separator=" ", field="code")
    )

    class Meta(ReferenceResource.Meta):
        model = StakeholderGroup
        import_id_fields = ("number",)
        fields = ("number", "name_zh", "name_en", "topics_zh", "topics_en", "indicators")


class ChannelResource(ReferenceResource):
    """Channels, found by group and Chinese name."""

    group = Field("group", "group", CodeWidget(StakeholderGroup, "number"))

    class Meta(ReferenceResource.Meta):
        model = Channel
        import_id_fields = ("group", "name_zh")
        fields = (
            "group",
            "position",
            "name_zh",
            "name_en",
            "frequency_zh",
            "frequency_en",
            "times_per_year",
        )
