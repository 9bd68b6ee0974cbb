# One image for web, workers and beat; compose.yaml says who runs what.
# For graphics cards name the index of a CUDA build: docker build --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu… .
FROM python:3.11-slim-bookworm

ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# converted networks lie in the image, beside the program that they belong to; everything else is in the volume
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 FACELINE_HOME=/srv/faceline FACELINE_CACHE=/app/var/cache

RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /srv/faceline faceline
WORKDIR /app
# what is installed first changes seldom: a new template does not fetch torch again, nor convert the networks
COPY Makefile pyproject.toml requirements.lock ./
COPY scripts/install_torch.sh scripts/
RUN make dependencies TORCH_INDEX=${TORCH_INDEX}
COPY analysis analysis
COPY models models
RUN make networks
COPY . .
RUN make install && mkdir -p var && chown -R faceline var /srv/faceline
USER faceline
ENV PATH=/app/.venv/bin:$PATH
