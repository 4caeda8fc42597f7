"""Employee keys, and the secret they are made with."""

from __future__ import annotations

import hashlib
import hmac
import re
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import pseudonyms
from analytics.errors import SettingsError, StorageError

SECRET = bytes(range(32))


def test_key_is_the_first_half_of_a_keyed_sha256():
    expected = hmac.new(SECRET, b"10001", hashlib.sha256).hexdigest()[:32]
    assert pseudonyms.employee_key("10001", SECRET) == expected


@given(number=st.integers(1, 10**9), zeros=st.integers(0, 4))
def test_spaces_and_lost_zeros_make_no_other_person(number, zeros):
    assert pseudonyms.employee_key(f" {'0' * zeros}{number} ", SECRET) == pseudonyms.employee_key(str(number), SECRET)


@given(numbers=st.lists(st.integers(1, 10**6), min_size=1, unique=True))
def test_different_numbers_have_different_keys(numbers):
    keys = pseudonyms.employee_keys(pl.Series([str(number) for number in numbers] * 2), SECRET)
    assert keys.n_unique() == len(numbers)
    assert keys[: len(numbers)].to_list() == keys[len(numbers) :].to_list()
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)


def test_another_secret_gives_other_keys():
    assert pseudonyms.employee_key("1", SECRET) != pseudonyms.employee_key("1", bytes(32))
    assert pseudonyms.fingerprint(SECRET) != pseudonyms.fingerprint(bytes(32))


def test_secret_is_created_once_for_the_owner_alone(tmp_path):
    file = tmp_path / "config/analytics/pseudonym.key"
    secret = pseudonyms.read_or_create_secret(file)
    assert len(secret) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert pseudonyms.read_or_create_secret(file) == secret
    assert [path.name for path in file.parent.iterdir()] == ["pseudonym.key"]


def test_processes_that_start_together_get_the_same_secret(tmp_path):
    file = tmp_path / "pseudonym.key"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(pseudonyms.read_or_create_secret, [file] * 16))
    assert len(secrets) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_secret_that_others_may_read_is_refused(tmp_path, mode):
    file = tmp_path / "pseudonym.key"
    pseudonyms.read_or_create_secret(file)
    file.chmod(mode)
    with pytest.raises(SettingsError, match="read by others"):
        pseudonyms.read_or_create_secret(file)


@pytest.mark.parametrize("content", ["", "abcd", "not hexadecimal"])
def test_file_without_a_secret_is_refused_and_not_replaced(tmp_path, content):
    file = tmp_path / "pseudonym.key"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(SettingsError, match="holds no secret"):
        pseudonyms.read_or_create_secret(file)
    assert file.read_text() == content


def test_secret_inside_the_project_is_refused(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    with pytest.raises(SettingsError, match="inside the project"):
        pseudonyms.read_or_create_secret(project / "config/secret.key", repository=project)
    (project / "analytics.toml").write_text("")
    with pytest.raises(SettingsError, match="inside the project"):
        pseudonyms.read_or_create_secret(project / "data/secret.key")
    assert not (project / "data").exists()


def test_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be read or created"):
        pseudonyms.read_or_create_secret(tmp_path / "file/secret.key")


def test_an_employee_a_patient_and_a_contact_with_the_same_number_have_different_keys():
    secret, number = bytes(range(32)), pl.Series(["0123", "123", "A7"])
    found = [
        make(number, secret) for make in (pseudonyms.employee_keys, pseudonyms.contact_keys, pseudonyms.patient_keys)
    ]
    for keys in found:
        assert keys[0] == keys[1] != keys[2]
    assert len({keys[0] for keys in found}) == 3
