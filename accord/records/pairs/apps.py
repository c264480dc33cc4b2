from django.apps import AppConfig


class Pairs(AppConfig):
    name = "accord.records.pairs"
    label = "pairs"
    default_auto_field = "django.db.models.BigAutoField"
