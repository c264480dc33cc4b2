"""People, their addresses, their consents."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accord.records.accounts.actions import give_consent, withdraw_consent
from accord.records.accounts.models import Consent, User
from accord.records.accounts.queries import client_by_email, consents_to, has_consented


def test_an_address_belongs_to_one_person_in_whatever_case(harbour) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("KAI@harbour.example", "Somebody Else")


def test_people_are_found_by_their_address_in_whatever_case(person) -> None:
    assert User.objects.get_by_natural_key("Kai@Harbour.Example") == person("kai")
    assert client_by_email("  KAI@harbour.example ") == person("kai")
    assert client_by_email("nobody@harbour.example") is None


def test_a_switched_off_person_is_not_found(person) -> None:
    User.objects.filter(pk=person("kai").pk).update(is_active=False)
    assert client_by_email("kai@harbour.example") is None


def test_clients_have_no_password_to_guess(person) -> None:
    assert not person("kai").has_usable_password()


def test_a_consent_in_force_is_one_row_however_often_it_is_given(person, now) -> None:
    cleo = person("cleo")
    first = give_consent(cleo, "research", at=now)
    assert give_consent(cleo, "research", at=now + timedelta(days=1)) == first
    assert has_consented(cleo, "research")
    assert not has_consented(cleo, "supervision")


def test_withdrawing_takes_effect_at_once_and_leaves_the_history(person, now) -> None:
    kai = person("kai")
    assert kai in consents_to("research")
    withdraw_consent(kai, "research", at=now)
    assert not has_consented(kai, "research")
    assert kai not in consents_to("research")
    assert Consent.objects.get(user=kai, purpose="research").withdrawn_at == now


def test_a_withdrawn_consent_can_be_given_again(person, now) -> None:
    kai = person("kai")
    withdraw_consent(kai, "research", at=now)
    give_consent(kai, "research", at=now)
    assert has_consented(kai, "research")
    assert list(consents_to("research")).count(kai) == 1


def test_one_persons_withdrawal_is_not_anothers(person, now) -> None:
    withdraw_consent(person("kai"), "research", at=now)
    assert person("jo") in consents_to("research")


def test_a_person_has_a_name_in_the_database_too(db) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="mia@harbour.example", name=" ")
