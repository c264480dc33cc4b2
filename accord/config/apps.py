from django.apps import AppConfig
from django.core.checks import Tags, register

from accord.config.durability import check_durability
from accord.config.policy import check_policies


class Config(AppConfig):
    name = "accord.config"
    label = "accord_config"

    def ready(self) -> None:
        register(check_policies, Tags.urls)
        register(check_durability, Tags.database)
