"""How static files are named: with a hash of their content, so that a browser may keep them for ever."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(ManifestStaticFilesStorage):
    """Also rewrites `import … from "./other.js"` in our modules to the hashed names."""

    support_js_module_import_aggregation = True


class CompressedStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """The same for production, where compressing (minutes) pays."""

    support_js_module_import_aggregation = True
