"""What every test stands on: a demo of its own in a temporary folder, and the clock of the fixture."""

import os
import tempfile

os.environ["ACCORD_DEMO"] = "1"
os.environ["ACCORD_VAR"] = tempfile.mkdtemp(prefix="accord-tests-")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser driver runs a loop of its own in this thread
