"""Reminders: one letter a person and day with everything that waits, in the person's language."""

from __future__ import annotations

from datetime import date
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from indicators import clock
from indicators.models import Reminder
from indicators.reading.display import Display
from indicators.returns.my_work import Item, Work, work_of
from indicators.returns.timing import return_address


class Undelivered(Exception):
    """Letters that were not taken: how many were ``sent``, and the ``failed`` ones with why."""

    def __init__(self, sent: int, failed: list[str]) -> None:
        super().__init__("; ".join(failed))
        self.sent, self.failed = sent, failed


def send_reminders(today: date | None = None) -> int:
    """Write to everybody for whom something waits; returns to how many.

    Who was written to today is left out, so that a second run sends nothing. The letter is handed
    over inside the transaction that notes it: where the server of letters fails, no note is left,
    and the others are written to all the same.

    Raises:
        Undelivered: after all were tried, where letters could not be handed over.
    """
    today = today or clock.today()
    sent, failed = 0, []
    people = User.objects.filter(is_active=True).exclude(email="")
    for person in people.exclude(reminders__day=today).order_by("pk"):
        work = work_of(person, today)
        try:
            sent += bool(work) and _send(person, work, today)
        except (SMTPException, OSError) as error:
            failed.append(f"{person.email}: {error}")
    if failed:
        raise Undelivered(sent, failed)
    return sent


def _send(person: User, work: Work, today: date) -> bool:
    try:
        with transaction.atomic():
            Reminder.objects.create(person=person, day=today)
            with translation.override(person.language):
                subject, text = letter(person, work)
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])
    except IntegrityError:
        return False
    return True


def letter(person: User, work: Work) -> tuple[str, str]:
    """Subject and text of a digest, in the language of the moment."""
    count = len(work.to_enter) + len(work.to_review)
    subject = ngettext(
        "%(count)d return waits for you", "%(count)d returns wait for you", count
    ) % {"count": count}
    display = Display()
    lines = [_("%(person)s,") % {"person": person}, ""]
    for heading, items in (
        (_("Sent back to you:"), [i for i in work.to_enter if i.kind == "returned"]),
        (_("Overdue:"), [i for i in work.to_enter if i.kind == "overdue"]),
        (_("Due:"), [i for i in work.to_enter if i.kind == "due"]),
        (_("Waiting for your review:"), list(work.to_review)),
    ):
        if items:
            lines += [heading, *(_line(item, display) for item in items), ""]
    lines.append(_("You get this letter at most once a day, and only while something waits."))
    return subject, "\n".join(lines)


def _line(item: Item, display: Display) -> str:
    address = settings.SITE_URL.rstrip("/") + return_address(item.one)
    text = _("%(agency)s %(month)s, due %(due)s") % {
        "agency": item.one.agency,
        "month": display.month(item.month),
        "due": item.one.due.isoformat(),
    }
    reason = f" ({item.reason})" if item.reason else ""
    return f"- {text}{reason}\n  {address}"
