# Chorus as a container: small, without root, and with a root file system that may be read-only: all it keeps is in /data.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
WORKDIR /src
COPY requirements.txt requirements-postgres.txt ./
RUN python -m venv /opt/chorus \
    && /opt/chorus/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
    && /opt/chorus/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-postgres.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY prompts prompts
RUN /opt/chorus/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/chorus/bin/pip uninstall --yes --quiet pip setuptools

FROM python:${PYTHON}-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin chorus \
    && install --directory --owner chorus --group chorus /data
COPY --from=build /opt/chorus /opt/chorus
ENV PATH=/opt/chorus/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_DATA_HOME=/data \
    XDG_CACHE_HOME=/data/cache \
    METRICS_PORT=9464
USER chorus
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['METRICS_PORT'] + '/healthz', timeout=3)"]
# Docker sends SIGTERM and kills ten seconds later; Chorus is gone before that
ENTRYPOINT ["chorus"]
CMD ["run"]
