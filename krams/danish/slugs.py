"""What a name becomes in an address."""

from django.utils.text import slugify


def danish_slug(text: str) -> str:
    """The text as part of an address: æ, ø and å become ae, oe and aa."""
    return slugify(text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa"))
