"""Credentials: where they come from, and that nothing shows them."""

from __future__ import annotations

import pytest

from analytics.credentials import Credentials
from analytics.errors import SettingsError


def file_of(tmp_path, text, mode=0o600):
    file = tmp_path / "credentials.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return {"ANALYTICS_CREDENTIALS": str(file)}


def test_the_environment_wins_over_the_file(tmp_path):
    environment = {**file_of(tmp_path, 'mail_password = "a1b2c3"\nsql = "d4e5f6"'), "ANALYTICS_SQL": "from-outside"}
    held = Credentials.read(environment)
    assert held.get("mail_password").reveal() == "a1b2c3"
    assert held.get("sql").reveal() == "from-outside"


def test_nothing_shows_a_credential():
    held = Credentials.read({"ANALYTICS_SQL": "pass word/1", "ANALYTICS_SECRET_FILE": "/etc/key"})
    secret = held.get("sql")
    for shown in (repr(held), repr(secret), str(secret), f"{secret}"):
        assert "pass" not in shown
    assert held.redact("postgres://u:pass%20word%2F1@host: pass word/1 refused, /etc/key") == (
        "postgres://u:***@host: *** refused, /etc/key"
    )


def test_a_missing_credential_says_how_to_give_it():
    with pytest.raises(SettingsError, match="ANALYTICS_MAIL_PASSWORD"):
        Credentials.read({}).get("mail_password")


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ('a = "hemligt"', 0o644, "chmod 600"),
        ("a = hemligt", 0o600, "not valid TOML"),
        ("a = 12345", 0o600, "must be a text"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_without_quoting_it(tmp_path, text, mode, said):
    with pytest.raises(SettingsError) as caught:
        Credentials.read(file_of(tmp_path, text, mode))
    assert said in str(caught.value)
    assert "hemligt" not in str(caught.value)
    assert "12345" not in str(caught.value)


def test_a_file_in_the_project_or_nowhere_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="inside the project"):
        Credentials.read(file_of(tmp_path, ""), repository=tmp_path)
    with pytest.raises(SettingsError, match="cannot be read"):
        Credentials.read({"ANALYTICS_CREDENTIALS": str(tmp_path / "none.toml")})
