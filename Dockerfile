# One image for every process of docker-compose.yml. Built from the lock; runs as a user that owns nothing in it.
FROM python:3.11-slim AS packages
COPY requirements.lock .
RUN python -m venv /opt/frontdesk/venv \
    && /opt/frontdesk/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && /opt/frontdesk/venv/bin/python -m compileall -q /opt/frontdesk/venv

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home frontdesk \
    && install -d -o frontdesk -g frontdesk /var/lib/frontdesk
COPY --from=packages /opt/frontdesk/venv /opt/frontdesk/venv
WORKDIR /opt/frontdesk
COPY shared shared
COPY services services
COPY gateway gateway
COPY cli cli
COPY deploy deploy
ENV PATH=/opt/frontdesk/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER frontdesk
EXPOSE 8000
CMD ["python", "-m", "shared.run", "gateway"]
