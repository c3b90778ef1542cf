# The portal with its packages at the versions of requirements-pdf.lock and -saml.lock; see README, "Deployment".
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /portal
# Packages first: a change of the code does not install them again.
COPY requirements-pdf.lock requirements-saml.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install -r requirements-pdf.lock -r requirements-saml.lock
COPY manage.py ./
COPY krams krams
COPY initiatives initiatives
COPY clusters clusters
COPY templates templates
COPY static static
COPY locale locale
COPY fixtures fixtures
COPY deploy deploy
# Hashed and compressed static files. The key only lets the settings load; it is not in the image.
RUN SECRET_KEY=only-to-collect-static-files-never-used-to-serve-anything \
    /venv/bin/python manage.py collectstatic --noinput \
    && /venv/bin/python -m compileall -q krams initiatives clusters

FROM python:3.11-slim-bookworm
# What a PDF is laid out and written with, and what a backup is made with: pg_dump must not be older
# than the server of compose.yaml, and Debian's is, so it comes from PostgreSQL's own packages.
RUN apt-get update && apt-get install --yes --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
    ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-16 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin krams
WORKDIR /portal
COPY --from=build /venv /venv
COPY --from=build /portal /portal
# Where SQLite keeps its file if no DATABASE_URL is given; the code itself is read-only.
RUN install -d -o krams -g krams data
USER krams
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=20s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "krams.wsgi"]
