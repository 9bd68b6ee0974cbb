"""What a file looks like from its first bytes: for the sentence that refuses it, never to decide how it is opened."""

from __future__ import annotations

import re

HEAD_BYTES = 4096

# (offset, bytes, words that fit after "looks like")
IMAGES = (
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"BM", "a BMP image"),
    (0, b"8BPS", "a Photoshop image"),
    (0, b"\0\0\x01\0", "an icon"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000 image"),
    (0, b"\xff\x0a", "a JPEG XL image"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL image"),
)
SOUNDS = (
    (0, b"ID3", "an MP3 file"),
    (0, b"fLaC", "a FLAC file"),
    (8, b"WAVE", "a WAV file"),
    (8, b"AIFF", "an AIFF file"),
    (0, b"#!AMR", "an AMR file"),
    (0, b"MThd", "a MIDI file"),
)
OTHERS = (
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (0, b"PK\x05\x06", "a ZIP archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ\0", "an xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a Windows program"),
    (0, b"\xcf\xfa\xed\xfe", "a program"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"SQLite format 3", "a database"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (0, b"{\\rtf", "a text document"),
)
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
PLAYLISTS = (
    (re.compile(rb"\s*#EXTM3U"), "an HLS playlist"),
    (re.compile(rb"\s*ffconcat version"), "a concat script"),
    (re.compile(rb"(?s).{0,600}<MPD[\s>]"), "a DASH manifest"),
    (re.compile(rb"(?s).{0,600}<SmoothStreamingMedia"), "a streaming manifest"),
    (re.compile(rb"v=0\r?\n[a-z]="), "an SDP session"),
    (re.compile(rb"(?i)\[playlist\]"), "a playlist"),
    (re.compile(rb"(?s)\s*(file|ffconcat|inpoint|outpoint)\s+['\"]?\S"), "a concat script"),
    (re.compile(rb"(?s)\s*(?:subfile|crypto|concat|concatf|https?|ftp|rtsp|rtmp|file|data|async|cache):\S+\s*$"),
     "a media address"),
)  # fmt: skip
MARKUP = (
    (re.compile(rb"(?is)\s*(<!doctype html|<html)"), "an HTML page"),
    (re.compile(rb"(?is)\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!doctype svg[^>]*>\s*)?<svg"), "an SVG image"),
    (re.compile(rb"\s*<\?xml"), "an XML file"),
)


def _find(head: bytes, table: tuple[tuple[int, bytes, str], ...]) -> str | None:
    return next((words for offset, magic, words in table if head.startswith(magic, offset)), None)


def looks_like_image(head: bytes) -> str | None:
    """Words for a still image that some demuxer might open as a film of one frame, else None."""
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return "an AVIF image" if head[8:11] == b"avi" else "a HEIC image"
    if head.startswith(b"RIFF") and head[8:12] != b"WEBP":
        return None
    return _find(head, IMAGES)


def looks_like_sound(head: bytes) -> str | None:
    """Words for a file that holds sound alone by its format, else None."""
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0 and head[1] != 0xFF and head[1] & 0x06:
        return "an MP3 file"
    if head[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return "an AAC file"
    return _find(head, SOUNDS)


def looks_like_playlist(head: bytes) -> str | None:
    """Words for a file that only names other files or addresses, else None."""
    return next((words for pattern, words in PLAYLISTS if pattern.match(head)), None)


def looks_like(head: bytes) -> str:
    """Words for any file, to follow "it looks like"."""
    found = (
        looks_like_image(head)
        or looks_like_playlist(head)
        or _find(head, OTHERS)
        or looks_like_sound(head)
        or next((words for pattern, words in MARKUP if pattern.match(head)), None)
    )
    if found:
        return found
    return "a text file" if _is_text(head) else "random or damaged data"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.start < len(head) - 4:  # a letter cut at the end of the head is no reason
            return False
        text = head[: problem.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\r\n\t\f\x1b" for letter in text)
