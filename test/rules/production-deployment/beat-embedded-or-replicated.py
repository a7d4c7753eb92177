# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
# --- file: Procfile
web: gunicorn shop.wsgi
# expect: beat-embedded-or-replicated
worker: celery -A shop worker -Q mail,default -B -l $LOG_LEVEL
# ok: beat-embedded-or-replicated
slow: celery -A shop worker -Q slow -l INFO
# --- file: Procfile.two
worker: celery -A shop worker
# ok: beat-embedded-or-replicated
beat: celery -A shop beat
# ok: beat-embedded-or-replicated
other: celery -A warehouse beat
# expect: beat-embedded-or-replicated
clock: newrelic-admin run-program celery --app=shop beat --loglevel=info
# ok: beat-embedded-or-replicated
locked: celery -A shop beat -S redbeat.RedBeatScheduler
# --- file: docker-compose.yml
x-shop: &shop
  image: shop
  deploy:
    # expect: beat-embedded-or-replicated
    replicas: 3
services:
  # Where one of them runs, as on a desk, one Beat runs.
  desk:
    # ok: beat-embedded-or-replicated
    command: celery -A desk worker -B
  worker:
    <<: *shop
    command: >
      /bin/bash -c '
      sleep 3;
      celery -A shop worker --beat -l ${LOG_LEVEL:-INFO}'
  # ok: beat-embedded-or-replicated
  sometimes:
    profiles: [debug]
    command: ["celery", "-A", "shop", "beat"]
  talk:
    # ok: beat-embedded-or-replicated
    command: "celery -A shop inspect ping"
# --- file: deploy/beat.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: beat
spec:
  # expect: beat-embedded-or-replicated
  # fix: replicas: 1
  replicas: 2
  template:
    spec:
      containers:
        - name: beat
          command: ["celery", "-A", "shop"]
          args:
            - beat
            - --loglevel=INFO
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: rolling
spec:
  # ok: beat-embedded-or-replicated
  replicas: 1
  strategy:
    # expect: beat-embedded-or-replicated
    type: RollingUpdate
  template:
    spec:
      containers:
        - args: [celery, -A, shop, beat]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: waits
spec:
  strategy:
    # ok: beat-embedded-or-replicated
    type: RollingUpdate
    rollingUpdate: {maxSurge: 0, maxUnavailable: 1}
  template:
    spec:
      containers:
        - args: [celery, -A, shop, beat]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: scaled
spec:
  template:
    spec:
      containers:
        - command: ["sh", "-c", "exec celery -A shop worker -EB"]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: scaled
spec:
  scaleTargetRef: {kind: Deployment, name: scaled}
  minReplicas: 1
  # expect: beat-embedded-or-replicated
  maxReplicas: 4
# --- file: deploy/worker.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  # ok: beat-embedded-or-replicated
  replicas: 12
  template:
    spec:
      containers:
        - command: [celery, -A, shop, worker]
# --- file: supervisor/celery.conf
[program:beat]
command=/srv/venv/bin/celery -A shop
    beat
# expect: beat-embedded-or-replicated
# fix: numprocs=1
numprocs=2

[program:worker]
command=celery -A shop worker
# ok: beat-embedded-or-replicated
numprocs=8
