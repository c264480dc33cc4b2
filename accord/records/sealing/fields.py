"""A model field for sealed text: sealed when saved, opened when read as an attribute."""

from typing import TYPE_CHECKING, Any

from django.db import models

from accord.records.sealing.vault import Seal, open_sealed, seal


class _Opened:
    """Descriptor: the database's bytes become text at the moment somebody reads the attribute."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: object = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])  # left out of the query: `defer`, `only`
        held = instance.__dict__.get(self.field.attname)
        if held is None or isinstance(held, str):
            return held
        return open_sealed(bytes(held), self.field.place(instance))

    def __set__(self, instance: models.Model, value: str | bytes | None) -> None:
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    _Base = models.BinaryField[str | bytes | None, str | None]
else:
    _Base = models.BinaryField


class SealedTextField(_Base):
    """Text that is never in the database in the clear. `None` stays NULL.

    Only `save()` and `create()` can seal by themselves, because the seal names the row; for an UPDATE pass
    `field.sealed_for(instance, text)`. Plain text in an UPDATE is an error, not a leak.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(null=True, blank=True, editable=False)
        super().__init__(**kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opened(self))

    def place(self, instance: models.Model) -> Seal:
        tenant = str(getattr(instance, "practice_id", None) or "-")
        return Seal(tenant, instance._meta.db_table, str(getattr(instance, "code")), self.attname)  # noqa: B009 (typed Any)

    def sealed_for(self, instance: models.Model, text: str | None) -> bytes | None:
        return None if text is None else seal(text, self.place(instance))

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        held = model_instance.__dict__.get(self.attname)
        return self.sealed_for(model_instance, held) if isinstance(held, str) else held

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.name}: seal the text first (sealed_for), it would be stored in the clear")
        return super().get_db_prep_value(value, connection, prepared)
