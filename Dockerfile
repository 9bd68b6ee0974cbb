# One image for web, workers and beat; compose.yaml says who runs what.
FROM python:3.11-slim-bookworm

ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 FACELINE_HOME=/srv/faceline

RUN apt-get update && apt-get install --yes --no-install-recommends make git && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /srv/faceline faceline
WORKDIR /app
COPY . .
RUN make install TORCH_INDEX=${TORCH_INDEX} && .venv/bin/python manage.py collectstatic --no-input \
    && chown -R faceline /srv/faceline
USER faceline
ENV PATH=/app/.venv/bin:$PATH
