from django.core.mail import send_mail
from django.utils.translation import gettext as _


def confirm(order):
    send_mail(
        subject=_("Your order %(number)s") % {"number": order.pk},
        message=_("Thank you! We are packing your order of %(total)s EUR.") % {"total": order.total},
        from_email=None,
        recipient_list=[order.customer.email],
    )
