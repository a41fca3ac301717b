# One image for web, worker, beat and migrate; docker-compose.yml says which of them a container is.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/app/var
WORKDIR /app

# /var/lib/beat is a volume; a new volume takes its owner from here.
RUN useradd --system --uid 10001 --no-create-home app \
    && mkdir /var/lib/beat && chown app /var/lib/beat

COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
# What a start need not do again. Neither command touches data; the keys are for this line alone.
RUN export SECRET_KEY=build SEAL_KEYS=k1:YnVpbGQtb25seS1idWlsZC1vbmx5LWJ1aWxkLW9ubHk= \
      LOOKUP_KEY=b25seS1idWlsZC1vbmx5LWJ1aWxkLW9ubHktYnVpbGQ= \
    && python manage.py compile_catalogues && python manage.py collectstatic --no-input \
    && python -m compileall -q households alerts monitoring

USER app
EXPOSE 8000
# Putting 300,000 rows into the register takes longer than gunicorn's thirty seconds.
CMD ["gunicorn", "monitoring.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--preload", "--timeout", "300", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
