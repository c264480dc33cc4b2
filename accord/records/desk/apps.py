from django.apps import AppConfig


class Desk(AppConfig):
    name = "accord.records.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
