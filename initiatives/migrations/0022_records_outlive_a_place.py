import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0021_minutes_outlive_a_place"),
        ("krams", "0018_log_out_everywhere"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="facility",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="krams.facility",
            ),
        ),
        migrations.AlterField(
            model_name="facilityindicator",
            name="facility",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="indicators",
                to="krams.facility",
            ),
        ),
        migrations.AlterField(
            model_name="factortext",
            name="facility",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="factor_texts",
                to="krams.facility",
            ),
        ),
        migrations.AlterField(
            model_name="laterpoint",
            name="department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="krams.department",
            ),
        ),
        migrations.AlterField(
            model_name="laterpoint",
            name="facility",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="krams.facility",
            ),
        ),
    ]
