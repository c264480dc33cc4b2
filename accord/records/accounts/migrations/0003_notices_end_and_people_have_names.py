from datetime import timedelta

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan


def end_what_is_there(apps, schema_editor):
    """As if each notice had been written with an end: three days after it was made."""
    apps.get_model("accounts", "Notice").objects.update(give_up_at=F("made_at") + timedelta(days=3))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_language")]

    operations = [
        migrations.AddField("notice", "give_up_at", models.DateTimeField(null=True)),
        migrations.RunPython(end_what_is_there, migrations.RunPython.noop),
        migrations.AlterField("notice", "give_up_at", models.DateTimeField()),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(condition=GreaterThan(Length(Trim("name")), 0), name="a_person_has_a_name"),
        ),
    ]
