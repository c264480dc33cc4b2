from django.apps import AppConfig


class Waiting(AppConfig):
    name = "accord.records.waiting"
    label = "waiting"
    default_auto_field = "django.db.models.BigAutoField"
