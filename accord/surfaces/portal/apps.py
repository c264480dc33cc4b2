from django.apps import AppConfig


class Portal(AppConfig):
    name = "accord.surfaces.portal"
    label = "portal"
