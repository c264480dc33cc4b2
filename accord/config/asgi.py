"""The application. It refuses to start with an undeclared route or a database that may lose answers."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accord.config.settings")
application = get_asgi_application()

from accord.config.durability import refuse_less  # noqa: E402 (Django must be set up before its models load)
from accord.config.policy import refuse_undeclared  # noqa: E402

refuse_undeclared()
refuse_less()
