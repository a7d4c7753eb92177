from django.core.cache import cache

from .models import Product


def rebuild():
    """Writes the words of every listed product to the index; returns how many products there are."""
    index = {}
    products = Product.objects.filter(is_listed=True).values_list("pk", "name")
    for pk, name in products:
        for word in name.lower().split():
            index.setdefault(word, []).append(pk)
    cache.set("search-index", index, timeout=None)
    return len(products)
