from django.apps import AppConfig


class Dashboard(AppConfig):
    name = "accord.surfaces.dashboard"
    label = "dashboard"
