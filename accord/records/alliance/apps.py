from django.apps import AppConfig


class Alliance(AppConfig):
    name = "accord.records.alliance"
    label = "alliance"
    default_auto_field = "django.db.models.BigAutoField"
