from django.apps import AppConfig


class Agreements(AppConfig):
    name = "accord.records.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
