"""Users, the agencies they work for, and the role each has there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .languages import in_readers_language


class Agency(models.Model):
    """A unit that answers for the figures of its indicators."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100, unique=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, Chinese where there is no English one."""
        return in_readers_language(self.name_zh, self.name_en)


class User(AbstractUser):
    """A person who signs in; what the person may do follows from the memberships."""

    password_is_temporary = models.BooleanField(
        _("password must be changed"),
        default=False,
        help_text=_("The next sign-in leads to the page where a new password is chosen."),
    )

    language = models.CharField(
        _("language of letters"),
        max_length=7,
        choices=settings.LANGUAGES,
        default="zh-hant",
        db_default="zh-hant",
        help_text=_("The language in which reminders are written to this person."),
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]
        verbose_name_plural = _("users")  # type: ignore[assignment]
        constraints = (
            models.CheckConstraint(
                condition=Q(is_superuser=False),
                name="user_rights_come_from_roles",
                violation_error_message=_("There are no superusers here; give a role instead."),
            ),
        )

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name in lower case: WANG and wang are one account, also to the lock."""
        self.username = self.username.lower()
        super().save(*args, **kwargs)


class Role(models.TextChoices):
    """What a person does for an agency."""

    ENTRY_OFFICER = "entry_officer", _("Entry officer")
    REVIEWER = "reviewer", _("Reviewer")
    MANAGER = "manager", _("Manager")
    PLANNER = "planner", _("Planner")
    ADMINISTRATOR = "administrator", _("Administrator")


class Membership(models.Model):
    """One role of one person, for one agency or, with none named, for the whole ministry."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("agency"),
        help_text=_("Leave empty for the whole ministry."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("role of a user")
        verbose_name_plural = _("roles of users")
        ordering = ("user", "agency", "role")
        constraints = [
            models.UniqueConstraint(
                fields=("user", "agency", "role"),
                name="membership_once",
                violation_error_message=_("This person has this role already."),
            ),
            models.UniqueConstraint(
                fields=("user", "role"),
                condition=Q(agency__isnull=True),
                name="membership_once_ministry_wide",
                violation_error_message=_("This person has this role already."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="membership_role_known",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.ADMINISTRATOR) | Q(agency__isnull=True),
                name="membership_administrator_whole_ministry",
                violation_error_message=_(
                    "An administrator serves the whole ministry: leave the agency empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        where = self.agency or _("whole ministry")
        return f"{self.user}: {self.get_role_display()} ({where})"
