from django.apps import AppConfig


class Matching(AppConfig):
    name = "accord.records.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"
