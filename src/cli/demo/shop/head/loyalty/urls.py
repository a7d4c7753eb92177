from django.urls import path

from . import views

urlpatterns = [
    path("", views.AccountView.as_view(), name="loyalty"),
    path("pass/", views.WalletPassView.as_view(), name="loyalty-pass"),
    path("statement/", views.StatementView.as_view(), name="loyalty-statement"),
]
