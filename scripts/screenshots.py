"""Takes the pictures of docs/screenshots from a running installation with real results.

    make run                                   # in another window; open the sample and wait until it is ready
    FACELINE_PASSWORD=… python scripts/screenshots.py http://localhost:8000 admin

Every page, wide and as on a phone, light and dark; each is `<page>-<wide|phone>-<light|dark>.png`, with few colors to
stay small, and `report.png` is the first page of the PDF. Needs Chromium and Playwright (`pip install -e .[test]`), and
`pdftoppm` (poppler-utils) for the report.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.attributes import all_labels

OUT = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
SIZES: dict[str, ViewportSize] = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 360, "height": 780}}
MOST_BYTES = 200_000
SETTLE_MS = 1200  # fonts, pictures, charts
PATIENCE_MS = 120_000  # a machine that analyses meanwhile
REPORT_DPI = 96


def main() -> None:
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        for size, viewport in SIZES.items():
            for theme in ("light", "dark"):
                context = browser.new_context(
                    base_url=arguments.address,
                    viewport=viewport,
                    color_scheme=theme,
                    device_scale_factor=1 if size == "wide" else 1.5,
                    has_touch=size == "phone",
                )
                context.add_cookies([{"name": "theme", "value": theme, "url": arguments.address}])
                context.set_default_timeout(PATIENCE_MS)
                _take_all(context.new_page(), f"{size}-{theme}", arguments)
                context.close()
        browser.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Takes the pictures of docs/screenshots.")
    parser.add_argument("address", help="such as http://localhost:8000")
    parser.add_argument("username")
    parser.add_argument("--video", default="sample", help="part of the name of the video to show")
    parser.add_argument("--at", type=float, default=3.0, help="the moment to show, in seconds")
    parser.add_argument("--out", type=Path, default=OUT, help="the folder of the pictures")
    parser.add_argument("--only", default="", help="take only pages whose name holds this")
    return parser.parse_args()


def _take_all(page: Any, look: str, arguments: argparse.Namespace) -> None:
    def take(name: str, address: str = "") -> None:
        if arguments.only not in name:
            return
        if address:
            page.goto(address)
        page.wait_for_timeout(SETTLE_MS)
        _save(page.screenshot(), arguments.out / f"{name}-{look}.png")

    take("sign-in", "/sign-in/")
    page.goto("/sign-in/")
    page.get_by_label("Name").fill(arguments.username)
    page.get_by_label("Password").fill(os.environ["FACELINE_PASSWORD"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "sign-in" not in address)

    take("first-run", "/")
    page.goto("/")
    sample = page.locator(".rail a", has_text="Sample").first.get_attribute("href")
    take("library", sample)
    page.goto(sample)
    video = page.locator(".library__name a", has_text=arguments.video).first.get_attribute("href")
    if look == "wide-light" and arguments.only in "report":
        _take_report(page, video, arguments.out / "report.png")
    page.goto(video)
    page.wait_for_selector("face-timeline[data-state=ready]")
    person = page.locator(".lane-head").first.get_attribute("data-person")
    take("video", f"{video}?t={arguments.at}&person={person}")
    if look.startswith("wide"):
        page.locator(".lanes__field").focus()
        page.keyboard.press("ArrowRight")
        take("lanes")
    take("person", f"{video}people/{person}/")
    take("audience", f"/audience/?video={video.split('/')[2]}")
    both = f"video%3D{video.split('/')[2]}"
    take("compare", f"/compare/?a={both}%26gender%3Dfemale&b={both}%26gender%3Dmale")
    take("about", "/about-the-figures/")
    take("project", "/projects/new/")
    take("settings", "/settings/")
    take("not-found", "/videos/00000000-0000-4000-8000-000000000000/")


def _take_report(page: Any, video: str, path: Path) -> None:
    """The first page of the video's PDF."""
    pdftoppm = shutil.which("pdftoppm")
    if not pdftoppm:
        sys.stderr.write("report.png is left out: pdftoppm is missing (apt-get install poppler-utils)\n")
        return
    pdf = page.request.get(f"{video}report.pdf").body()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "report.pdf").write_bytes(pdf)
        command = [pdftoppm, "-png", "-singlefile", "-r", str(REPORT_DPI), "report.pdf", "report"]
        subprocess.run(command, cwd=folder, check=True)
        _save((Path(folder) / "report.png").read_bytes(), path)


def _save(png: bytes, path: Path) -> None:
    """With a palette: the colors of tokens and labels, however few pixels have them, and what the picture needs."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    tokens = _token_colors()
    for colors in (256, 192, 128):
        common = picture.quantize(colors - len(tokens), dither=Image.Dither.NONE).getpalette() or []
        palette = Image.new("P", (1, 1))
        palette.putpalette([*(value for color in tokens for value in color), *common])
        picture.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break


def _token_colors() -> list[tuple[int, int, int]]:
    labels = "".join(f"{label.light} {label.dark} {label.edge} " for label in all_labels().values())
    found = sorted(set(re.findall(r"#([0-9a-f]{6})\b", TOKENS.read_text() + labels)))
    return [(int(each[:2], 16), int(each[2:4], 16), int(each[4:], 16)) for each in found]


if __name__ == "__main__":
    main()
