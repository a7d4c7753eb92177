from django.contrib import admin

from .models import Order, OrderLine
from .tasks import send_order_confirmation


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    extra = 0


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["pk", "customer", "status", "total", "placed_at"]
    list_filter = ["status"]
    inlines = [OrderLineInline]
    actions = ["resend_confirmation"]

    @admin.action(description="Send the confirmation again")
    def resend_confirmation(self, request, queryset):
        for order in queryset:
            send_order_confirmation.delay(order.pk)
        self.message_user(request, f"Sending {len(queryset)} confirmations.")
