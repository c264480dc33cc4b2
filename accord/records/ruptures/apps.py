from django.apps import AppConfig


class Ruptures(AppConfig):
    name = "accord.records.ruptures"
    label = "ruptures"
    default_auto_field = "django.db.models.BigAutoField"
