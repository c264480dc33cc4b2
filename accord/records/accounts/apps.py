from django.apps import AppConfig


class Accounts(AppConfig):
    name = "accord.records.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
