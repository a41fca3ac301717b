import households.registry.hamlets
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('households', '0004_tablet'),
    ]

    operations = [
        migrations.AddField(
            model_name='household',
            name='hamlet_order',
            field=models.GeneratedField(db_persist=True, expression=households.registry.hamlets.HamletOrder('hamlet'), output_field=models.PositiveSmallIntegerField()),
        ),
    ]
