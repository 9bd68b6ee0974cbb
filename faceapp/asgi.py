"""The web server's way in: `granian --interface asginl --http 1 --no-ws faceapp.asgi:application`."""

import os
import signal
import socket

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import reverse

from faceapp.core.gate.gate import Gate, Ways
from faceapp.core.launch import die_with_parent
from faceapp.operations import schema

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "faceapp.settings")
if os.environ.get("FACELINE_TETHERED"):  # set by `manage.py up`: a killed server must not leave its worker on the port
    die_with_parent(sent=signal.SIGKILL)  # uploads and downloads go on from where they were
metrics = settings.METRICS_DIR / socket.gethostname()  # containers that share a disk have numbers of processes alike
metrics.mkdir(parents=True, exist_ok=True, mode=0o750)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(metrics))  # before anything of it is imported
site = get_wsgi_application()
try:
    schema.refuse_newer()
except schema.Newer as newer:
    raise SystemExit(str(newer)) from None
finally:
    connections.close_all()
ways = Ways(uploads=reverse("library:upload"), forms=reverse("api:videos"))
application = Gate(site, ways, n_threads=settings.WEB_THREADS)
