"""Runs beside the tests, in their database: each text gets a word of up to 100 letters."""

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db import models, transaction  # noqa: E402

# The database itself keeps an edition as it was frozen, and the audit log as it was written.
FROZEN = ("clusters.edition", "krams.auditentry")
ROOMS = ("krams", "initiatives", "clusters")
# Addresses, codes and what the demo looks up itself; their form is checked elsewhere.
LEFT_ALONE = (models.SlugField, models.EmailField, models.URLField, models.UUIDField)
CODES = {"password", "key", "code", "token"}
WORD = "sundhedsindsats" * 7
# Of a name with no room for 100 letters, as many as it has.
LONGEST, SHORTEST = 100, 30


def is_written(field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField)
    is_code = isinstance(field, LEFT_ALONE) or field.choices or field.name in CODES
    return is_text and not is_code and (field.max_length or LONGEST) > SHORTEST


def lengthen(model) -> None:
    fields = [field for field in model._meta.concrete_fields if is_written(field)]
    for row in model._base_manager.all() if fields else ():
        for field in fields:
            if getattr(row, field.attname):
                end = str(row.pk)
                most = min(LONGEST, field.max_length or LONGEST)
                setattr(row, field.attname, WORD[: most - len(end)] + end)
        model._base_manager.filter(pk=row.pk).update(
            **{field.attname: getattr(row, field.attname) for field in fields}
        )


with transaction.atomic():
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if model._meta.label_lower not in FROZEN:
                lengthen(model)
