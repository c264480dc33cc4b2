from django.apps import AppConfig


class TherapySessions(AppConfig):
    name = "accord.records.sessions"
    label = "therapy_sessions"
    default_auto_field = "django.db.models.BigAutoField"
