"""Collect the sentences of the pages into the catalogues, and compile these."""

from typing import Any

from django.core.management.base import BaseCommand

from accord.config.catalogues import PLURALS, compile_mo, po_path, read_po, sentences, write_po


class Command(BaseCommand):
    help = "Collect every sentence into accord/locale, keep what is translated, compile, say what is missing."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = sentences()
        for language in PLURALS:
            path = po_path(language)
            known = read_po(path.read_text(encoding="utf-8")) if path.exists() else {}
            kept = {message: known[message] for message in found if message in known}
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(write_po(language, found, kept), encoding="utf-8")
            path.with_suffix(".mo").write_bytes(compile_mo(language, kept))
            missing = [message.id for message in found if not all(kept.get(message, ("",)))]
            self.stdout.write(f"{language}: {len(found)} sentences, {len(missing)} not translated")
            for text in missing:
                self.stdout.write(f"  {text!r}")
