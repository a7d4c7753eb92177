/** Owns the Django projects that the load reviews: as many modules as asked for, the same for the same seed. */

/** Numbers from 0 to 1, the same for the same seed: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export function makeProject(seed: number, modules: number): Record<string, string> {
  const random = randomFrom(seed)
  const files: Record<string, string> = {
    'manage.py': 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    'requirements.txt': 'celery==5.4.0\ndjango==5.1\n',
    'shop/__init__.py': 'from .celery import app\n\n__all__ = ["app"]\n',
    'shop/celery.py':
      'from celery import Celery\n\napp = Celery("shop")\napp.config_from_object("django.conf:settings", namespace="CELERY")\napp.autodiscover_tasks()\n',
    'shop/settings.py': 'CELERY_BROKER_URL = "redis://localhost"\nUSE_TZ = True\n',
  }
  for (let at = 0; at < modules; at++) {
    const size = 3 + Math.floor(random() * 6)
    const times = (make: (index: number) => string) => Array.from({ length: size }, (_, index) => make(index)).join('')
    const salt = Math.floor(random() * 1e9)
    files[`area${at}/__init__.py`] = ''
    files[`area${at}/models.py`] =
      `from django.db import models\n${times((index) => `\n\nclass Thing${index}(models.Model):\n    name = models.CharField(max_length=${salt % 200})\n    count = models.IntegerField(default=${index})\n\n    def total(self):\n        return self.count * ${salt}\n`)}`
    files[`area${at}/tasks.py`] =
      `from celery import shared_task\n\nfrom area${at}.models import Thing0\n${times((index) => `\n\n@shared_task(bind=True, max_retries=${index + 1})\ndef notify${index}(self, pk):\n    thing = Thing0.objects.get(pk=pk)\n    if thing.count > ${salt}:\n        return thing.total()\n    return thing.name\n`)}`
    files[`area${at}/services.py`] =
      `from django.db import transaction\n\nfrom area${at}.models import Thing0\nfrom area${at}.tasks import notify0\n${times((index) => `\n\ndef create${index}(name):\n    with transaction.atomic():\n        thing = Thing0.objects.create(name=name)\n        transaction.on_commit(lambda: notify0.delay(thing.pk))\n    return thing\n`)}`
  }
  return files
}

/** A file of the project with one mistake more, another one for each number. */
export function mistakeIn(
  files: Readonly<Record<string, string>>,
  module: number,
  number: number,
): { path: string; text: string } {
  const path = `area${module}/services.py`
  const mistake = `\n\ndef hurry${number}(name):\n    with transaction.atomic():\n        thing = Thing0.objects.create(name=name)\n        notify0.delay(thing.pk)\n    return thing\n`
  return { path, text: files[path] + mistake }
}
