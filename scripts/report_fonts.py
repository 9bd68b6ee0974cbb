"""Makes the fonts of the PDF report from npm's `inter-ui`: typst reads TrueType, not WOFF2. Run once, keep the result.

npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz
pip install fonttools brotli && python scripts/report_fonts.py package
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
TARGET = Path(__file__).parent.parent / "faceapp/reports/typst/fonts"
# Latin, Greek, Cyrillic, Vietnamese, punctuation, currency, arrows, mathematical signs
RANGES = ((0x20, 0x58F), (0x1E00, 0x1FFF), (0x2000, 0x22FF), (0x2500, 0x25FF), (0xFB00, 0xFB06))


def convert(source: Path, target: Path) -> None:
    options = Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "tnum", "cv11", "ss03", "case"]
    options.hinting = False
    options.name_IDs = ["*"]  # the licence and whose it is stay inside
    font = TTFont(source)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    font.flavor = None
    font.save(target)


if __name__ == "__main__":
    package = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        convert(package / f"web/Inter-{weight}.woff2", TARGET / f"Inter-{weight}.ttf")
    shutil.copyfile(package / "LICENSE.txt", TARGET / "LICENSE.txt")
