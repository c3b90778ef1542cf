"""What only the matrix pages need in their templates."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def item(mapping: dict, key):
    """The value of a key that the template holds; nothing where there is none."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def with_query(context, **changes) -> SafeString:
    """The page's query string with some values changed; an empty value takes one out."""
    query = context["request"].GET.copy()
    query.pop("fortryd", None)  # It was about one save.
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return escape(f"?{query.urlencode()}")
