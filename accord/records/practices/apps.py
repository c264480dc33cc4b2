from django.apps import AppConfig


class Practices(AppConfig):
    name = "accord.records.practices"
    label = "practices"
    default_auto_field = "django.db.models.BigAutoField"
