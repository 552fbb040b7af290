"""The page of the stakeholder register."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from indicators.models import Indicator
from indicators.models.definitions import public
from stakeholders.models import Channel, StakeholderGroup


class RegisterFilters(forms.Form):
    """What the reader looks for."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    indicator = forms.ModelChoiceField(
        Indicator.objects.filter(public(), stakeholder_groups__isnull=False).distinct(),
        label=gettext_lazy("Linked indicator"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("All"),
        error_messages={
            "invalid_choice": gettext_lazy("No group is linked to that indicator; all are shown.")
        },
    )


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Every group with its channels, how often they are used, topics and linked indicators."""
    form = RegisterFilters(request.GET)
    form.is_valid()
    for errors in form.errors.values():
        for error in errors:
            messages.warning(request, str(error))
    channels = Channel.objects.annotate(
        times=Count("engagements"), last=Max("engagements__held_on")
    )
    found = StakeholderGroup.objects.prefetch_related(
        Prefetch("channels", channels.order_by("position")),
        Prefetch("indicators", Indicator.objects.filter(public())),
    )
    if indicator := form.cleaned_data.get("indicator"):
        found = found.filter(indicators=indicator)
    text = form.cleaned_data.get("q", "").casefold()
    rows = [group for group in found if text in _searched(group)]
    return render(
        request,
        "stakeholders/groups.html",
        {
            "form": form,
            "groups": rows,
            "channel_count": sum(len(group.channels.all()) for group in rows),
            "is_narrowing": bool(text or indicator),
            "title": _("Stakeholders"),
        },
    )


def _searched(group: StakeholderGroup) -> str:
    texts = [group.name_zh, group.name_en, group.topics_zh, group.topics_en]
    for channel in group.channels.all():
        texts += [channel.name_zh, channel.name_en]
    return "\n".join(texts).casefold()
