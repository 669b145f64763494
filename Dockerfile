# The one image of web, worker, beat, clock, migrate and backup (docs/production.md).
#
#   docker build --tag servicecenter:local .
#
# Packages come with hashes from requirements/, front-end files and fonts with hashes from package-lock.json, both from
# whatever index this machine is set to. In a closed network hand over its settings without leaving them in the image:
#   docker build --secret id=pip,src=pip.conf --secret id=npm,src=.npmrc .
# For builds that can be repeated bit by bit, name the base by digest: --build-arg PYTHON=python@sha256:…
ARG PYTHON=python:3.11.14-slim-bookworm

# ---- packages: the virtual environment
FROM ${PYTHON} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
COPY requirements/base.txt /build/requirements/
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /build/requirements/base.txt

# ---- assets: Bootstrap, htmx and the fonts, fetched and checked by the project's own tool
FROM ${PYTHON} AS assets
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore SERVICECENTER_ASSETS=/opt/assets
WORKDIR /build
COPY package.json package-lock.json ./
COPY requirements/node.txt requirements/
COPY servicecenter/local/assets.py servicecenter/local/
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=npm,target=/etc/npmrc \
    NPM_CONFIG_USERCONFIG=/etc/npmrc python servicecenter/local/assets.py

# ---- base: what the running system needs of Debian
FROM ${PYTHON} AS base
# Versions are those of the base's Debian release, which alone receives security fixes.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fontconfig fonts-hanazono libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SERVICECENTER_ASSETS=/opt/assets \
    FONTCONFIG_FILE=/opt/assets/fonts.conf \
    XDG_CACHE_HOME=/opt/cache \
    STATIC_ROOT=/opt/static \
    VAR_DIR=/data
COPY --from=packages /opt/venv /opt/venv
COPY --from=assets /opt/assets /opt/assets
# fontconfig looks through 60 MB of fonts once, here
RUN fc-cache --force
WORKDIR /app

# ---- build: translations and static files
FROM base AS build
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
COPY . .
# demo mode needs no secrets, and neither step asks the database
RUN export DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
    && python manage.py compilemessages --locale zh_Hans --locale zh_Hant --verbosity 0 \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q . /opt/venv/lib

# ---- the image
FROM base
RUN groupadd --gid 10001 servicecenter \
    && useradd --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin \
        servicecenter \
    && install --directory --owner servicecenter --group servicecenter --mode 0750 /data /backups
COPY --from=build /opt/static /opt/static
COPY --from=build /app /app
ENV SERVICECENTER_MODE=production
USER 10001:10001
VOLUME ["/data", "/backups"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "/app/servicecenter/probe.py", "web"]
CMD ["gunicorn", "servicecenter.wsgi:application", "--config", "python:servicecenter.web_server"]
