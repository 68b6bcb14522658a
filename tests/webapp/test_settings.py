"""Settings are typed, checked before anything starts, documented by generation, and safe in production."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from webapp.reference import pages
from webapp.secret import secret_key
from webapp.settings import Environment, Settings, SettingsError, catalogue, unknown

SOUND = {
    "SALIENT_ENV": "production",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789",
    "TRUSTED_HOSTS": "a.example",
}
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_without_any_variable_everything_has_a_default_on_this_machine() -> None:
    settings = Settings.read({})
    assert settings.environment is Environment.DEVELOPMENT
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 2)
    assert settings.database == f"sqlite:///{settings.folder}/salient.sqlite3"
    assert settings.queue == f"unix://{settings.folder}/queue/queue.sock"
    assert settings.vault == f"file://{settings.folder}/vault"


def test_values_are_read_as_their_types() -> None:
    settings = Settings.read(
        {"SALIENT_PORT": " 8080 ", "SALIENT_DEBUG": "yes", "TRUSTED_HOSTS": "a.example, b.example,"}
    )
    assert (settings.port, settings.debug, settings.trusted_hosts) == (8080, True, ("a.example", "b.example"))


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read(
            {"SALIENT_PORT": "80000", "SALIENT_WORKERS": "two", "SALIENT_ENV": "live", "REDIS_URL": "localhost"}
        )
    assert str(caught.value).splitlines() == [
        "SALIENT_ENV must be one of development, production.",
        "REDIS_URL must begin with redis:// or rediss:// or unix://.",
        "SALIENT_PORT must be from 1 to 65535.",
        "SALIENT_WORKERS must be a whole number from 1 to 64.",
    ]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 40}, "SECRET_KEY"),
        ({"TRUSTED_HOSTS": ""}, "TRUSTED_HOSTS"),
        ({"SALIENT_DEBUG": "1"}, "SALIENT_DEBUG"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    ],
)
def test_production_refuses_to_start_without_its_secrets_or_with_debugging(change: dict[str, str], named: str) -> None:
    assert Settings.read(SOUND).is_production
    with pytest.raises(SettingsError, match=named) as caught:
        Settings.read(SOUND | change)
    assert len(str(caught.value).splitlines()) == 1


def test_a_refusal_never_shows_the_secret() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read(SOUND | {"SECRET_KEY": "hunter2hunter2", "DATABASE_URL": "mysql://user:hunter2@host/x"})
    assert "hunter2" not in str(caught.value)


def test_a_development_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    first = secret_key(settings)
    assert len(first) >= 32
    assert secret_key(settings) == first
    assert secret_key(Settings(data=tmp_path / "other")) != first
    path = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert secret_key(settings) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret_key"]


def test_production_never_makes_up_a_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        secret_key(Settings(data=tmp_path, environment=Environment.PRODUCTION))
    assert list(tmp_path.iterdir()) == []


def test_a_variable_that_is_no_setting_is_told_with_the_nearest_that_is() -> None:
    told = unknown(
        {"SALIENT_WORKER": "2", "SALIENT_DATABASE_URL": "x", "SALIENT_QQQQ": "", "HOME": "/", "SALIENT_PORT": "1"}
    )
    assert [sentence.partition(" ")[0] for sentence in told] == [
        "SALIENT_DATABASE_URL",
        "SALIENT_QQQQ",
        "SALIENT_WORKER",
    ]
    assert "Did you mean DATABASE_URL?" in told[0]
    assert "salient settings" in told[1]
    assert "Did you mean SALIENT_WORKERS?" in told[2]


def test_a_data_folder_too_long_for_a_socket_gets_a_short_one_of_its_own(tmp_path: Path) -> None:
    long = Settings(data=tmp_path / ("x" * 120))
    longer = Settings(data=tmp_path / ("y" * 120))
    assert len(str(long.queue_socket)) < 100
    assert long.queue_socket != longer.queue_socket
    assert long.queue_socket == Settings(data=tmp_path / ("x" * 120)).queue_socket


def test_every_setting_is_described_in_one_sentence() -> None:
    for about in catalogue().values():
        assert about.meaning.endswith("."), about.variable
        assert about.meaning.count(". ") == 0, about.variable


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_reference_pages_are_as_the_code_says(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == pages()[name], "stale: run `make docs`"
