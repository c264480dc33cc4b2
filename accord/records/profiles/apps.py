from django.apps import AppConfig


class Profiles(AppConfig):
    name = "accord.records.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"
