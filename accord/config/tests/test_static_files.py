"""Static files are served packed where the browser takes it, and as they are where it does not."""

import gzip
import os
from pathlib import Path

from django.contrib.staticfiles import finders

from accord.config.static_files import laid_out

BASE = "accord/base.css"


def source() -> bytes:
    return Path(str(finders.find(BASE))).read_bytes()


def test_a_browser_that_takes_gzip_it_gets(client) -> None:
    packed = client.get(f"/static/{BASE}", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Content-Type"] == 'text/css; charset="utf-8"'
    assert "Accept-Encoding" in packed["Vary"]
    sent = b"".join(packed.streaming_content)
    assert gzip.decompress(sent) == source()
    assert len(sent) < len(source()) / 2


def test_another_it_gives_the_file_itself(client) -> None:
    plain = client.get(f"/static/{BASE}")
    assert not plain.has_header("Content-Encoding")
    assert b"".join(plain.streaming_content) == source()


def test_a_file_that_changed_it_lays_out_anew(tmp_path, settings) -> None:
    settings.STATIC_ROOT = tmp_path / "out"
    written = tmp_path / "one.css"
    for text in ("a {}", "b { c: d }"):
        written.write_text(text)
        copy = laid_out(written, "deep/one.css")
        assert copy.read_text() == text
        assert gzip.decompress(Path(f"{copy}.gz").read_bytes()).decode() == text
    before = copy.stat().st_ino
    assert laid_out(written, "deep/one.css").stat().st_ino == before, "the same again is not written again"
    os.utime(written, ns=(1, 1))
    assert laid_out(written, "deep/one.css").stat().st_ino != before
    assert sorted(path.name for path in copy.parent.iterdir()) == ["one.css", "one.css.gz"]
