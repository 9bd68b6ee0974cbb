"""Fetches the browser libraries of static/vendor/list.json from the npm registry and checks their hashes.

    python scripts/vendor.py

What comes out is kept in the repository, so that neither installing nor running needs the network. To take a new
version, change its line in the list (the registry states the new `integrity`) and run this again. The icons named in
the list become one sprite, static/img/icons.svg.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
SPRITE = ROOT / "static" / "img" / "icons.svg"
REGISTRY = "https://registry.npmjs.org"


def main() -> None:
    listed = json.loads((VENDOR / "list.json").read_text())
    for package in listed["packages"]:
        archive = fetch(package)
        for source, target in package["files"].items():
            write(VENDOR / target, read(archive, source))
        if package["name"] == "lucide-static":
            write(SPRITE, sprite(archive, listed["icons"]).encode())
        print(f"{package['name']} {package['version']}")  # noqa: T201


def fetch(package: dict[str, Any]) -> tarfile.TarFile:
    """Downloads a package and opens it, once its SHA-512 is the one in the list."""
    name, version = package["name"], package["version"]
    with urlopen(f"{REGISTRY}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz") as answer:
        body = answer.read()
    found = "sha512-" + base64.b64encode(hashlib.sha512(body).digest()).decode()
    if found != package["integrity"]:
        sys.exit(f"{name} {version} is not the file in the list: its hash is {found}.")
    return tarfile.open(fileobj=io.BytesIO(body), mode="r:gz")


def read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(f"package/{name}")
    if member is None:
        sys.exit(f"There is no file {name} in the package.")
    body = member.read()
    # source maps are not shipped: a reference to them would only make a 404
    return re.sub(rb"\n//# sourceMappingURL=\S+", b"", body) if name.endswith(".js") else body


def sprite(archive: tarfile.TarFile, names: list[str]) -> str:
    """One SVG of symbols; stroke and size come from the page (`.icon` in parts.css)."""
    symbols = []
    for name in names:
        drawing = read(archive, f"icons/{name}.svg").decode()
        inside = re.sub(r"\s+", " ", drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")])
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inside.strip()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


if __name__ == "__main__":
    main()
