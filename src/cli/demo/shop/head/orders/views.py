from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import DetailView, ListView

from .models import Order


class OrderListView(LoginRequiredMixin, ListView):
    paginate_by = 20

    def get_queryset(self):
        return Order.objects.filter(customer=self.request.user).order_by("-placed_at")


class OrderDetailView(LoginRequiredMixin, DetailView):
    def get_queryset(self):
        return Order.objects.filter(customer=self.request.user).prefetch_related("lines__product")
