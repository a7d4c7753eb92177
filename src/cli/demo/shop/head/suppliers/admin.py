from django.contrib import admin

from .models import Supplier
from .tasks import confirm_feed


@admin.register(Supplier)
class SupplierAdmin(admin.ModelAdmin):
    list_display = ["name", "is_active", "synced_at"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            confirm_feed.delay_on_commit(obj.pk)
