"""Mail leaves the outbox here: claimed by a conditional UPDATE, sent once, tried again after a failure."""

import smtplib
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from accord.records.accounts.models import Notice

RETRY_AFTER = timedelta(minutes=2)
NEVER = 500  # from here on a mail server means: not this address, not later either


def send_waiting_notices(now: datetime) -> int:
    """Send what waits. A server that is down costs a delay; what runs out meanwhile is told to the operator."""
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - RETRY_AFTER)
    free = Notice.objects.filter(unclaimed, sent_at=None, give_up_at__gt=now)
    waiting = free.filter(user__is_active=True).select_related("user")
    began, sent = monotonic(), 0
    for notice in waiting.order_by("made_at")[:50]:
        turn = now + timedelta(seconds=monotonic() - began)  # a slow server must not make a fresh claim look old
        if not free.filter(pk=notice.pk).update(claimed_at=turn):
            continue  # another worker has it
        try:
            _mail(notice.subject, notice.body or "", notice.user.email)
        except smtplib.SMTPRecipientsRefused as refused:
            if all(code >= NEVER for code, _reason in refused.recipients.values()):
                Notice.objects.filter(pk=notice.pk).update(give_up_at=turn)
            continue
        except (OSError, smtplib.SMTPException):
            continue
        Notice.objects.filter(pk=notice.pk).update(sent_at=now)
        sent += 1
    return sent


def mailed(subject: str, body: str, address: str) -> bool:
    """Whether the mail server took it."""
    try:
        _mail(subject, body, address)
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _mail(subject: str, body: str, address: str) -> None:
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address]).send()
