"""Puts the fonts of reports and annotated videos together, from npm's and Debian's packages. Run once, keep the result.

mkdir packages && cd packages
npm pack inter-ui@4.1.1 @expo-google-fonts/noto-emoji@0.4.7
apt-get download fonts-noto-core=20201225-1 fonts-droid-fallback=1:6.0.1r16-1.1
mkdir inter emoji && tar xzf inter-ui-*.tgz -C inter && tar xzf expo-*.tgz -C emoji
for package in *.deb; do dpkg -x $package debian; done
pip install brotli && python ../scripts/fonts.py .

Inter alone is changed: typst reads TrueType, not WOFF2, and signs that nobody reads here are left out.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SCRIPTS = (
    "", "Arabic", "Armenian", "Bengali", "CanadianAboriginal", "Cherokee", "Devanagari", "Ethiopic", "Georgian",
    "Gujarati", "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Math", "Mongolian", "Myanmar", "NKo",
    "Oriya", "Sinhala", "Symbols", "Symbols2", "Syriac", "Tamil", "Telugu", "Thaana", "Thai", "Tifinagh",
)  # fmt: skip
COPIES = {
    "emoji/package/400Regular/NotoEmoji_400Regular.ttf": "NotoEmoji-Regular.ttf",
    "emoji/package/LICENSE_FONT": "LICENSE-NotoEmoji.txt",
    "inter/package/LICENSE.txt": "LICENSE-Inter.txt",
    "debian/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf": "DroidSansFallback.ttf",
    "debian/usr/share/doc/fonts-droid-fallback/copyright": "LICENSE-DroidSansFallback.txt",
    "debian/usr/share/doc/fonts-noto-core/copyright": "LICENSE-Noto.txt",
    **{
        f"debian/usr/share/fonts/truetype/noto/NotoSans{script}-Regular.ttf": f"NotoSans{script}-Regular.ttf"
        for script in SCRIPTS
    },
}
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
TARGET = Path(__file__).parent.parent / "analysis/lettering/fonts"
# Latin, Greek, Cyrillic, Vietnamese, punctuation, currency, arrows, mathematical signs
RANGES = ((0x20, 0x58F), (0x1E00, 0x1FFF), (0x2000, 0x22FF), (0x2500, 0x25FF), (0xFB00, 0xFB06))


def convert(source: Path, target: Path) -> None:
    options = Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "tnum", "cv11", "ss03", "case"]
    options.hinting = False
    options.name_IDs = ["*"]  # the license and whose it is stay inside
    font = TTFont(source)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    font.flavor = None
    font.save(target)


if __name__ == "__main__":
    packages = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        convert(packages / f"inter/package/web/Inter-{weight}.woff2", TARGET / f"Inter-{weight}.ttf")
    for source, name in COPIES.items():
        shutil.copyfile(packages / source, TARGET / name)
