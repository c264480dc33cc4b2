from django.apps import AppConfig


class Workspace(AppConfig):
    name = "accord.surfaces.workspace"
    label = "workspace"
