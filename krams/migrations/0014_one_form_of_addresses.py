"""Addresses of accounts get the form in which they are looked for from now on.

NFKC, and a domain with letters other than a to z as people read it. One that would then be another
account's stays as it is: an administrator sees both.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ..danish.names import AddressField


def renew(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    user = apps.get_model("krams", "User")
    for account in user.objects.only("pk", "email"):
        # As it stands in the column: the field itself would have given the new form.
        with editor.connection.cursor() as cursor:
            cursor.execute("SELECT email FROM krams_user WHERE id = %s", [account.pk])
            [written] = cursor.fetchone()
            normal = AddressField.normal(written)
            if normal == written:
                continue
            cursor.execute("SELECT 1 FROM krams_user WHERE lower(email) = lower(%s)", [normal])
            if cursor.fetchone() is None:
                cursor.execute(
                    "UPDATE krams_user SET email = %s WHERE id = %s", [normal, account.pk]
                )
                cursor.execute(
                    "UPDATE account_emailaddress SET email = %s WHERE user_id = %s AND email = %s",
                    [normal, account.pk, written],
                )


class Migration(migrations.Migration):
    dependencies = [
        ("krams", "0013_invitations"),
        ("account", "0001_initial"),
    ]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
