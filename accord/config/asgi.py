"""The application. It refuses to start with an undeclared route or a database that may lose answers."""

import os
import warnings

from django.core.asgi import get_asgi_application

# Our static files are a few kilobytes each; reading one in a thread is no reason to warn on every request.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accord.config.settings")
application = get_asgi_application()

from accord.config.durability import refuse_less  # noqa: E402 (Django must be set up before its models load)
from accord.config.policy import refuse_undeclared  # noqa: E402

refuse_undeclared()
refuse_less()
