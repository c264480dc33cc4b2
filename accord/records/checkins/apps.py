from django.apps import AppConfig


class CheckIns(AppConfig):
    name = "accord.records.checkins"
    label = "checkins"
    default_auto_field = "django.db.models.BigAutoField"
