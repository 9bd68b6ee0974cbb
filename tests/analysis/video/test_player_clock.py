"""The engine's clock is the browser's: at a time, Chromium shows the frame that the sample of that time holds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from analysis.config import AnalysisConfig
from analysis.video.plan import plan_chunks
from analysis.video.probe import probe_video
from analysis.video.proxy import make_proxy
from analysis.video.reader import SampleReader
from tests.films import Film, end_by_edit_list, number_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MS = Fraction(1, 1000)
SHOW = """async ([address, times]) => {
  const video = document.createElement('video'); video.muted = true; document.body.append(video);
  const ready = (event) => new Promise((done, fail) => {
    video.addEventListener(event, done, {once: true});
    video.addEventListener('error', () => fail(video.error.message), {once: true});
  });
  video.src = URL.createObjectURL(await (await fetch(address)).blob()); await ready('loadeddata');
  const canvas = document.createElement('canvas'); canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  const numbers = [];
  for (const time of times) {
    const seeked = ready('seeked'); video.currentTime = time; await seeked;
    await new Promise((done) => { video.requestVideoFrameCallback(done); setTimeout(done, 150); });
    context.drawImage(video, 0, 0);
    const row = context.getImageData(0, canvas.height / 2, canvas.width, 1).data;
    let number = 0;
    for (let bit = 0; bit < 16; bit++) number |= (row[4 * Math.floor(canvas.width * (bit + .5) / 16)] > 127) << bit;
    numbers.push(number);
  }
  const shown = {duration: video.duration, width: video.videoWidth, height: video.videoHeight, numbers};
  video.remove(); return shown;
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def player(browser, tmp_path) -> Iterator[Any]:
    """What Chromium shows of a file in tmp_path at these times."""
    (tmp_path / "page.html").write_text("<!doctype html><title>player</title>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/page.html")
    yield lambda name, times: page.evaluate(SHOW, [name, times])
    page.close()
    server.shutdown()


def sampled(path: Path, rate: float = 5.0) -> dict[float, int]:
    """Number of the frame at each sample's time."""
    config = AnalysisConfig(sample_rate=rate)
    return {
        k / rate: number_of(frame.image)
        for chunk in plan_chunks(path, config)
        for frame in SampleReader(path, chunk, config)
        for k in range(frame.first_sample, frame.end_sample)
    }


FILMS = {
    "plain.mp4": Film(n_frames=50),
    "b_frames.mp4": Film(n_frames=50, b_frames=3, options={"preset": "medium"}),
    "sound_first.mp4": Film(n_frames=50, times=[800 + 40 * i for i in range(50)], time_base=MS, sound_s=3.0),
    "picture_first.mp4": Film(n_frames=50, sound_s=1.5, sound_from_s=0.7),
    "before_zero.mp4": Film(n_frames=50, times=[-400 + 40 * i for i in range(50)], time_base=MS),
    "variable.mp4": Film(n_frames=30, times=[i * i * 3 for i in range(30)], time_base=MS),
    "sound_first.webm": Film(
        n_frames=50,
        times=[800 + 40 * i for i in range(50)],
        time_base=MS,
        codec="libvpx-vp9",
        options={"deadline": "realtime", "cpu-used": "8"},
        sound_s=3.0,
        sound_codec="libopus",
    ),
    "ntsc.mp4": Film(n_frames=60, rate=Fraction(30000, 1001), b_frames=2),
}


@pytest.mark.parametrize("name", FILMS)
def test_samples_are_what_the_player_shows(tmp_path, player, name):
    film = FILMS[name].write(tmp_path / name)
    ours = sampled(film)
    theirs = player(name, list(ours))
    assert probe_video(film).plays_in_browser
    for (time_s, number), shown in zip(ours.items(), theirs["numbers"], strict=True):
        assert abs(number - shown) <= 1, f"at {time_s} s"


@pytest.mark.parametrize("end_s", [1.26, 1.7])
def test_fault_78_the_player_ends_where_the_edit_list_does(tmp_path, player, end_s):
    film = Film(n_frames=31, times=[*range(0, 1200, 40), 1220], time_base=MS).write(tmp_path / "a.mp4")
    end_by_edit_list(film, end_s, last_s=2.0)
    assert probe_video(film).duration_s == pytest.approx(player("a.mp4", [0.0])["duration"], abs=0.001)


@pytest.mark.parametrize("name", ["glued.ts", "sound_first.mkv", "no_pts.avi", "late.mp4", "late.webm"])
def test_a_proxy_keeps_the_clock(tmp_path, player, name):
    film = tmp_path / name
    if name == "glued.ts":
        parts = [Film(n_frames=30).write(tmp_path / f"{part}.ts").read_bytes() for part in range(2)]
        film.write_bytes(b"".join(parts))
    elif name == "no_pts.avi":
        Film(n_frames=40, codec="mpeg4", options={"b": "2M"}).write(film)
    elif name.startswith("late"):
        codec = "libvpx" if name == "late.webm" else "libx264"
        times = [5000 + 40 * i for i in range(50)]
        Film(n_frames=50, times=times, time_base=MS, codec=codec, options={}).write(film)
    else:
        Film(n_frames=50, times=[800 + 40 * i for i in range(50)], time_base=MS, sound_s=3.0).write(film)
    assert not probe_video(film).plays_in_browser
    make_proxy(film, tmp_path / "proxy.mp4")
    ours = sampled(film)
    theirs = player("proxy.mp4", list(ours))
    for (time_s, number), shown in zip(ours.items(), theirs["numbers"], strict=True):
        assert abs(number - shown) <= 1, f"at {time_s} s"


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turned_as_the_player_turns(tmp_path, player, degrees, mirrored):
    """Bars are read from left to right, so that a picture turned otherwise has another number or another size."""
    film = Film(
        n_frames=10, size=(96, 160) if degrees != 180 else (160, 96), picture=lambda *_: _stored(degrees, mirrored),
        prepare=lambda stream: stream.set_display_rotation(degrees, hflip=mirrored),
    ).write(tmp_path / "a.mp4")  # fmt: skip
    shown = player("a.mp4", [0.0])
    probe = probe_video(film)
    assert (shown["width"], shown["height"]) == (probe.width_px, probe.height_px) == (160, 96)
    assert shown["numbers"] == [sampled(film)[0.0]]


def _stored(degrees: int, mirrored: bool) -> Any:
    import numpy as np

    from tests.films import numbered

    upright = numbered(0b1011, 160, 96)
    return np.ascontiguousarray(np.rot90(upright[:, ::-1] if mirrored else upright, -degrees // 90 % 4))
