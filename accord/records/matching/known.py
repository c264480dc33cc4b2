"""What is known about a client already, so that nobody asks them twice."""

from django.conf import settings

from accord.records.accounts.models import User
from accord.records.intake.questions import Known


def known_of(client: User) -> list[Known]:
    """Name and language as they gave them. The must-haves of an enquiry join in words (`search_words.needed`)."""
    languages = dict(settings.LANGUAGES)
    found = [Known("name", client.name)]
    if client.language in languages:
        found.append(Known("language", str(languages[client.language])))
    return found
