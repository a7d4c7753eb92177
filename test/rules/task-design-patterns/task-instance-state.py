from celery import Task, shared_task
from celery_once import QueueOnce


class Connected(Task):
    client = None


@shared_task(bind=True)
def export(self, report_id):
    # expect: task-instance-state
    self.rows = load(report_id)
    # expect: task-instance-state
    self.count += 1
    self.rows = []
    # ok: task-instance-state
    self.max_retries = 5
    # ok: task-instance-state
    self.request.note = "mine"
    # ok: task-instance-state
    report = load(report_id)
    # ok: task-instance-state
    report.rows = []


@shared_task(bind=True, base=Connected)
def push(self, report_id):
    # ok: task-instance-state
    self.client = connect()


@shared_task(bind=True)
def cached(self, report_id):
    if not hasattr(self, "session"):
        # ok: task-instance-state
        self.session = connect()
    if self.other is None:
        # ok: task-instance-state
        self.other = connect()


@shared_task(bind=True, base=QueueOnce)
def once(self, report_id):
    # ok: task-instance-state
    self.once_key = report_id


@shared_task
def unbound(self, report_id):
    # ok: task-instance-state
    self.rows = []


class Export(Task):
    def run(self, report_id):
        # ok: task-instance-state
        self.rows = load(report_id)
