"""The web server's way in."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from faceapp.core.launch import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "faceapp.settings")
if os.environ.get("FACELINE_TETHERED"):  # set by `manage.py up`: a killed server must not leave its worker on the port
    die_with_parent(sent=signal.SIGKILL)  # uploads and downloads go on from where they were
application = get_wsgi_application()
