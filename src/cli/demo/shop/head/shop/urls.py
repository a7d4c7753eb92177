from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("loyalty/", include("loyalty.urls")),
    path("orders/", include("orders.urls")),
]
