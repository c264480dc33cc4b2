from django.apps import AppConfig


class Shared(AppConfig):
    name = "accord.surfaces.shared"
    label = "shared"
