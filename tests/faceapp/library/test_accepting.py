"""A file comes in: probed, hashed, moved; or refused with a sentence, and nothing stays."""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from analysis import environment
from faceapp.core import confined
from faceapp.library import probing, services, uploads
from faceapp.library.models import Upload, Video
from faceapp.library.refusals import AlreadyHere, UploadRefused

WRITE_VIDEO = """
import av, numpy, sys
with av.open(sys.argv[1], "w", format="mp4") as container:
    stream = container.add_stream("libx264", rate=10)
    stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
    for shade in range(10):
        picture = numpy.full((48, 64, 3), shade * 20, numpy.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
    container.mux(stream.encode(None))
"""


@pytest.fixture(scope="session")
def real_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One second of gray, 64 × 48, h264; written in another process, as the web never loads PyAV."""
    path = tmp_path_factory.mktemp("video") / "gray.mp4"
    subprocess.run([sys.executable, "-c", WRITE_VIDEO, str(path)], check=True)
    return path.read_bytes()


Take = Callable[..., Video]


@pytest.fixture
def take(project: Any, alice: Any, settings: Any) -> Take:
    """Hands bytes to `accept_file` as an upload does."""

    def accept(content: bytes, name: str = "gray.mp4", into: Any = project) -> Video:
        path = settings.UPLOAD_DIR / f"{uuid.uuid4()}.part"
        path.write_bytes(content)
        return services.accept_file(project=into, user=alice, name=name, path=path)

    return accept


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_video_is_taken_in(take: Take, real_video: bytes, settings: Any) -> None:
    video = take(real_video)
    assert (video.codec, video.width_px, video.height_px) == ("h264", 64, 48)
    assert video.duration_s == pytest.approx(1.0, abs=0.11)
    assert video.sha256 == hashlib.sha256(real_video).hexdigest()
    assert video.file.name == f"videos/{video.pk}"
    assert (settings.MEDIA_ROOT / video.file.name).read_bytes() == real_video
    assert (settings.MEDIA_ROOT / video.poster.name).read_bytes()[:2] == b"\xff\xd8"
    assert files_in(settings.UPLOAD_DIR) == []


PDF = b"%PDF-1.7\n" + b"x" * 2000
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000400000004008060000000000000000") + b"\0" * 500
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
BAD_FILES = {
    "01 empty": (b"", "empty"),
    "02 text": (b"Dear diary, today I uploaded text.\n" * 50, "text"),
    "02 PDF": (PDF, "PDF"),
    "02 ZIP": (b"PK\x03\x04" + b"\0" * 500, "ZIP"),
    "02 random": (bytes(hashlib.sha256(bytes([n])).digest()[0] for n in range(256)) * 40, ""),
    "03 PNG": (PNG, "PNG"),
    "10 playlist": (PLAYLIST, ""),
}


@pytest.mark.parametrize(("content", "word"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_to_10_a_bad_file_is_refused_and_nothing_stays(take: Take, settings: Any, content: bytes, word: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        take(content)
    sentence = refused.value.sentence
    assert word.lower() in sentence.lower()
    assert sentence.endswith((".", "!"))
    assert 400 <= refused.value.status < 500
    assert not Video.objects.exists()
    assert files_in(settings.UPLOAD_DIR) == files_in(settings.MEDIA_ROOT) == []


def test_a_file_that_was_cut_off_is_refused(take: Take, real_video: bytes) -> None:
    moov = real_video.index(b"moov")
    with pytest.raises(UploadRefused, match="incomplete"):
        take(real_video[: moov - 4])


NAMES = {
    "long": "a" * 300 + ".mp4",
    "emoji": "🎬🎥.mp4",
    "right to left": "\u202eevil\u202c4pm.mp4",
    "climbing": "../../../etc/passwd",
    "NUL": "a\x00b.mp4",
    "formula": "=cmd|' /C calc'!A0",
    "HTML": "<script>alert(1)</script>.mp4",
    "reserved": "CON.mp4",
    "no extension": "advert",
    "nothing": "",
    "too long": "é" * 5000,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_is_for_display_only(take: Take, real_video: bytes, settings: Any, name: str) -> None:
    video = take(real_video, name)
    assert files_in(settings.MEDIA_ROOT / "videos") == [settings.MEDIA_ROOT / "videos" / str(video.pk)]
    assert "\x00" not in video.name
    assert 1 <= len(video.name) <= 400
    if name and "\x00" not in name and len(name) <= 400:
        assert Video.objects.get().name == name


def test_the_same_file_twice_is_offered_as_it_is_here(take: Take, real_video: bytes, settings: Any) -> None:
    first = take(real_video)
    with pytest.raises(AlreadyHere, match=r"already uploaded as “gray\.mp4”") as refused:
        take(real_video, "again.mp4")
    assert refused.value.video == first
    assert Video.objects.count() == 1
    assert len(files_in(settings.MEDIA_ROOT / "videos")) == 1


def test_another_project_may_have_it_too(take: Take, real_video: bytes, team: Any) -> None:
    take(real_video)
    other = services.create_project(team=team, name="Autumn campaign")
    assert take(real_video, into=other).project == other
    assert Video.objects.count() == 2


def test_two_who_send_the_same_file_at_once_get_one_video(
    take: Take, real_video: bytes, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = []

    def make_poster_while_another_sends(*_: Any, **__: Any) -> bool:
        if not first:
            first.append(None)
            first[0] = take(real_video)
        return False

    monkeypatch.setattr(probing, "make_poster", make_poster_while_another_sends)
    with pytest.raises(AlreadyHere) as refused:
        take(real_video)
    assert [refused.value.video] == first
    assert files_in(settings.MEDIA_ROOT) == [settings.MEDIA_ROOT / first[0].file.name]


CRASHES = {"a crash": "import os; os.abort()", "an endless loop": "while True: pass"}


@pytest.mark.parametrize("code", CRASHES.values(), ids=CRASHES.keys())
def test_a_file_that_kills_the_probe_is_refused(
    take: Take, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str
) -> None:
    settings.PROBE_TIMEOUT_S = 2
    (tmp_path / "deadly_probe.py").write_text(code)
    run_module = confined.run_module

    def run_deadly(_module: str, *arguments: str, **options: Any) -> confined.Outcome:
        return run_module("deadly_probe", *arguments, **options)

    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(environment, "KEPT_VARIABLES", (*environment.KEPT_VARIABLES, "PYTHONPATH"))
    monkeypatch.setenv("PYTHONPATH", f"{Path(__file__).parents[3]}:{tmp_path}")
    monkeypatch.setattr(probing, "run_module", run_deadly)
    with pytest.raises(UploadRefused, match=r"could not be read|took too long"):
        take(b"whatever")
    assert files_in(settings.UPLOAD_DIR) == []


def test_the_probe_has_limits_and_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "look_around.py").write_text(
        "import os, resource\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[0])\n"
        "print(*os.environ)\n"
    )
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(environment, "KEPT_VARIABLES", (*environment.KEPT_VARIABLES, "PYTHONPATH"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.setenv("FACELINE_SECRET_KEY", "s" * 60)
    outcome = confined.run_module("look_around", timeout_s=20)
    limits, names = outcome.output.splitlines()
    assert limits.split() == [str(confined.MEMORY_BYTES), "0"]
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != confined.MEMORY_BYTES  # ours is as it was
    assert "FACELINE_SECRET_KEY" not in names.split()


def test_why_a_probe_died_is_logged_and_its_last_words_are_bounded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "talkative.py").write_text(
        "import sys\nsys.stderr.write('x' * 1_000_000)\nraise RuntimeError('the index is broken')\n"
    )
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(environment, "KEPT_VARIABLES", (*environment.KEPT_VARIABLES, "PYTHONPATH"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.setattr(confined, "log", structlog.get_logger())  # one that was used before keeps to what it had then
    with capture_logs() as told:
        assert confined.run_module("talkative", timeout_s=60).code == 1
    assert told[0]["log_level"] == "warning"
    assert (told[0]["module"], told[0]["code"]) == ("talkative", 1)
    assert told[0]["last_words"].endswith("RuntimeError: the index is broken\n")
    assert len(told[0]["last_words"]) <= confined.LAST_WORDS_BYTES


# --- through the uploads ---


@pytest.fixture
def started() -> list[Video]:
    return []


def upload_of(project: Any, user: Any, content: bytes) -> Upload:
    upload = uploads.begin(project=project, user=user, name="gray.mp4", size_bytes=len(content))
    uploads.path_of(upload).write_bytes(content)
    upload.offset_bytes = len(content)
    upload.save()
    return upload


def test_a_complete_upload_becomes_a_video_once(
    project: Any, alice: Any, real_video: bytes, started: list[Video]
) -> None:
    upload = upload_of(project, alice, real_video)
    video = uploads.finish(upload, lambda video, _user: started.append(video))
    again = uploads.finish(Upload.objects.get(), lambda video, _user: started.append(video))
    assert video == again
    assert started == [video]


def test_nobody_else_gets_at_an_upload_while_it_is_taken_in(
    project: Any, alice: Any, real_video: bytes, settings: Any
) -> None:
    upload = upload_of(project, alice, real_video)
    asked = []

    def ask_as_another(_video: Video, _user: Any) -> None:
        asked.append(not uploads.path_of(upload).exists())  # its bytes have been moved
        with pytest.raises(uploads.Busy), uploads.sole_use(Upload.objects.get()):
            pass

    with uploads.sole_use(upload):
        uploads.finish(upload, ask_as_another)
    assert asked == [True]
    assert files_in(settings.UPLOAD_DIR) == []


def test_a_web_that_died_while_taking_in_goes_on(project: Any, alice: Any, real_video: bytes) -> None:
    """The video was stored, the upload did not hear of it."""
    upload = upload_of(project, alice, real_video)
    video = uploads.finish(upload, lambda *_: None)
    Upload.objects.update(video=None)
    assert uploads.finish(Upload.objects.get(), lambda *_: None) == video
    assert Video.objects.count() == 1


def test_a_refusal_can_be_asked_for_again(project: Any, alice: Any) -> None:
    upload = upload_of(project, alice, PDF)
    for _ in range(2):
        with pytest.raises(UploadRefused, match="PDF"):
            uploads.finish(Upload.objects.get(pk=upload.pk), lambda *_: None)


def test_a_file_stays_where_it_is_while_its_poster_is_made(
    take: Take, real_video: bytes, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks for the upload in those seconds, after a reload, must not be told that it got lost."""
    seen = []

    def make_poster(path: Path, poster: Path, *, at_s: float) -> bool:
        seen.append((path.exists(), path.parent == settings.UPLOAD_DIR))
        return False

    monkeypatch.setattr(probing, "make_poster", make_poster)
    take(real_video)
    assert seen == [(True, True)]


def test_bytes_that_got_lost_are_a_sentence(project: Any, alice: Any) -> None:
    upload = upload_of(project, alice, b"0123")
    uploads.path_of(upload).unlink()
    with pytest.raises(UploadRefused, match="was lost"):
        uploads.finish(upload, lambda *_: None)
