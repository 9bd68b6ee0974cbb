"""Names that people have, from scripts of all kinds."""

from __future__ import annotations

NAMES = {
    "latin": "Zoë Ñandú Łukasz Øystein",
    "decomposed": "Zoe\u0308 A\u0301",
    "greek and cyrillic": "Ελένη Наталья",
    "emoji": "Ann 🙂❤️",
    "joined emoji": "👩🏽‍🚀 👨‍👩‍👧 🏳️‍🌈 👍🏿",
    "flags and keys": "🇩🇪🇯🇵 1️⃣",
    "chinese": "王小明 繁體字",
    "japanese": "さくら サクラ 山田",
    "korean": "김민준",
    "thai": "สมชาย ใจดีที่สุด",
    "arabic": "سارة مُحَمَّد",
    "hebrew": "שָׁלוֹם דוד",
    "devanagari": "नमस्ते किशोर",
    "tamil": "தமிழ்",
    "georgian and armenian": "გიორგი Արմեն",
    "ethiopic": "አበበ",
    "fancy": "𝓐𝓷𝓷 ★✓",
    "zero-width inside": "Ann\u200b\u200d\u2060a",
}
