"""How static files are named: with a hash of their content, so that a browser may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also rewrites `import … from "./other.js"` in our modules to the hashed names."""

    support_js_module_import_aggregation = True
