# One image for web, worker and migration; a second target adds the simulators, for development only.
FROM python:3.11.14-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin docfly
WORKDIR /app

FROM base AS packages
COPY requirements-uv.lock requirements-prod.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && /opt/venv/bin/uv pip sync --compile-bytecode --require-hashes requirements-prod.lock

FROM base AS production
COPY --from=packages /opt/venv /opt/venv
COPY settings.py telemetry.py context.py worker.py web.py ./
COPY domain domain
COPY workflows workflows
COPY activities activities
COPY db db
COPY gateways gateways
COPY emails emails
COPY api api
COPY panel panel
USER 10001
STOPSIGNAL SIGTERM
CMD ["python", "web.py"]

FROM base AS development-packages
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && /opt/venv/bin/uv pip sync --compile-bytecode --require-hashes requirements.lock

FROM production AS development
USER root
RUN install --directory --owner=10001 /mail /state
USER 10001
COPY --from=development-packages /opt/venv /opt/venv
COPY simulators simulators
CMD ["python", "-m", "simulators.provider"]
