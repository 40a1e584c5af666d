# One image for the web process, the worker and the migration; the target `development` adds the simulators.
FROM python:3.11.16-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH
RUN groupadd --gid 10001 docfly \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin docfly
WORKDIR /app

# uv comes by pip and its hash, into an environment that is left behind; it makes the one that is kept.
FROM base AS installer
ENV VIRTUAL_ENV=/opt/venv UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never
COPY requirements-uv.lock ./
RUN python -m venv /opt/uv \
    && /opt/uv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements-uv.lock \
    && /opt/uv/bin/uv venv --python /usr/local/bin/python /opt/venv

FROM installer AS packages
COPY requirements-prod.lock ./
RUN /opt/uv/bin/uv pip sync --compile-bytecode --no-build --require-hashes requirements-prod.lock

FROM installer AS development-packages
COPY requirements.lock ./
RUN /opt/uv/bin/uv pip sync --compile-bytecode --no-build --require-hashes requirements.lock

# The pages' style and script, to the hash of the lock file, and nothing of them is run.
FROM node:24.19.0-bookworm-slim AS libraries
WORKDIR /libraries
COPY panel/package.json panel/package-lock.json panel/.npmrc ./
RUN npm ci

# Root's, and readable: the user below can't write any of it.
FROM base AS code
COPY settings.py telemetry.py context.py worker.py web.py cli.py ./
COPY domain domain
COPY workflows workflows
COPY activities activities
COPY db db
COPY gateways gateways
COPY emails emails
COPY pdfs pdfs
COPY api api
COPY front front
COPY panel panel
COPY --from=libraries /libraries/node_modules panel/node_modules
RUN python -m compileall -q . && install --directory --owner=10001 --group=10001 --mode=700 /documents
USER 10001:10001
STOPSIGNAL SIGTERM

FROM code AS development
USER root
RUN install --directory --owner=10001 --group=10001 /mail /state
USER 10001:10001
COPY --from=development-packages /opt/venv /opt/venv
COPY simulators simulators
CMD ["python", "-m", "simulators.provider", "--help"]

# The last one is what a build makes unless it is told otherwise. The worker answers no HTTP, so that the check of
# /readyz stands with the web process, in docker-compose.yml.
FROM code AS production
COPY --from=packages /opt/venv /opt/venv
CMD ["python", "web.py"]
