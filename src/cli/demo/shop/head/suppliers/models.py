from django.db import models


class Supplier(models.Model):
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    feed_url = models.URLField()
    is_active = models.BooleanField(default=True)
    synced_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.name
