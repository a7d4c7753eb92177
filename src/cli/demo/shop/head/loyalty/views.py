from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, View

from .models import Account
from .tasks import send_statement, update_wallet_pass


class AccountView(LoginRequiredMixin, DetailView):
    def get_object(self):
        return get_object_or_404(Account, customer=self.request.user)


class WalletPassView(LoginRequiredMixin, View):
    def post(self, request):
        account = get_object_or_404(Account, customer=request.user)
        account.wallet_pass = request.POST["pass"]
        account.save(update_fields=["wallet_pass"])
        update_wallet_pass.delay(account.pk)
        return redirect("loyalty")


class StatementView(LoginRequiredMixin, View):
    def post(self, request):
        send_statement.delay(request.user)
        messages.success(request, "Your statement is on its way.")
        return redirect("loyalty")
