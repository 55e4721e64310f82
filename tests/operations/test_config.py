"""config.toml: what is documented is what holds, and every fault is named at once."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from wetread.domain.errors import ConfigError
from wetread.operations.config import Config, Secrets, load_config, unused_settings

ROOT = Path(__file__).parents[2]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(tmp_path: Path, text: str) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, text), {})
    return {fault.place: str(fault) for fault in caught.value.faults}


def test_the_documented_file_states_every_default(tmp_path: Path) -> None:
    """The shipped config.toml and an empty file mean the same, but for the folder of relative paths."""
    shipped = load_config(ROOT / "config.toml", {})
    empty = load_config(written(tmp_path, ""), {})

    assert dataclasses.replace(shipped, storage=empty.storage) == empty
    assert shipped.storage.path == ROOT / "data/wetread.db"


def test_every_setting_is_in_the_documented_file() -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    for section in dataclasses.fields(Config):
        if section.name in ("secrets", "unused"):
            continue
        assert f"[{section.name}]" in text
        default: Any = section.default
        for setting in dataclasses.fields(default):
            assert re.search(rf"^(# )?{setting.name} = .+", text, re.MULTILINE), setting.name


def test_all_faults_are_reported_at_once_with_their_place(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """
        [poling]
        interval_minutes = 60
        [polling]
        intervall_minutes = 60
        concurrency = 1.5
        host_gap_seconds = "1"
        [delivery]
        start_with = 11
        [discord]
        prefix = "   "
        token = "secret"
        has_message_content = "yes"
        [sources]
        enabled = ["pubmet"]
        contact_email = "nobody"
        [logging]
        level = "LOUD"
        [network]
        allowed_ports = ["80"]
        """,
    )

    assert found == {
        "[poling]": "[poling]: 'poling' is not known. Did you mean 'polling'?",
        "[polling] intervall_minutes": (
            "[polling] intervall_minutes: 'intervall_minutes' is not known. Did you mean 'interval_minutes'?"
        ),
        "[polling] concurrency": "[polling] concurrency: This must be a whole number, not 1.5.",
        "[polling] host_gap_seconds": "[polling] host_gap_seconds: This must be a number, not '1'.",
        "[delivery] start_with": "[delivery] start_with: This must be between 0 and 10, not 11.",
        "[discord] prefix": "[discord] prefix: The prefix has 1 to 5 characters, not only spaces.",
        "[discord] token": "[discord] token: This file must not contain secrets. Put it into .env.",
        "[discord] has_message_content": (
            "[discord] has_message_content: This must be true or false, not 'yes'."
        ),
        "[sources] enabled": "[sources] enabled: 'pubmet' is not known. Did you mean 'pubmed'?",
        "[sources] contact_email": "[sources] contact_email: 'nobody' is not an e-mail address.",
        "[logging] level": ("[logging] level: 'LOUD' is not known. Known here: DEBUG, INFO, WARNING, ERROR."),
        "[network] allowed_ports": (
            "[network] allowed_ports: This must be a list of whole numbers in square brackets, not ['80']."
        ),
    }


@pytest.mark.row("E23")
@pytest.mark.parametrize(
    ("section", "line", "named"),
    [
        ("network", 'allowed_addresses = ["localhost:80"]', "localhost:80"),
        ("network", 'allowed_addresses = ["10.0.0.5"]', "10.0.0.5"),
        ("network", 'allowed_addresses = ["10.0.0.5:0"]', "10.0.0.5:0"),
        ("network", 'allowed_addresses = ["127.0.0.1:*", "::1"]', "::1"),
        ("network", 'allowed_addresses = [""]', "''"),
        ("network", "allowed_ports = [80, 0]", "0"),
        ("network", "allowed_ports = [65536]", "65536"),
        ("storage", 'path = "a\\u0000b.db"', "a\\x00b.db"),
        ("backup", 'folder = "a\\u0000b"', "a\\x00b"),
        ("health", 'file = "a\\nb"', "a\\nb"),
        ("discord", 'prefix = "\\u0000"', "\\x00"),
        ("sources", 'contact_email = "you@example.org\\nX-Other: 1"', "X-Other"),
    ],
)
def test_what_would_fail_later_is_named_with_its_place(
    tmp_path: Path, section: str, line: str, named: str
) -> None:
    found = faults(tmp_path, f"[{section}]\n{line}")

    [place] = found
    assert place == f"[{section}] {line.partition(' ')[0]}"
    assert named in found[place]


def test_settings_that_are_no_longer_used_are_named_and_stop_nothing(tmp_path: Path) -> None:
    text = """
        [polling]
        loop_seconds = 7
        parsers = 2
        [sources]
        pubmed_url = "x"
        [backup]
        keep_weekly = 1
        """
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    config = load_config(tmp_path / "config.toml", {})

    assert config.unused == (
        "[backup] keep_weekly",
        "[polling] loop_seconds",
        "[polling] parsers",
        "[sources] pubmed_url",
    )
    assert [sentence.partition(" is no longer used")[0] for sentence in unused_settings(config)] == list(
        config.unused
    )


@pytest.mark.parametrize("text", ["[polling", "a = = 1", "\x00"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, text: str) -> None:
    (place,) = faults(tmp_path, text)
    assert place.endswith("config.toml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no such file"):
        load_config(tmp_path / "config.toml", {})


def test_a_section_that_is_a_value_is_named(tmp_path: Path) -> None:
    assert "[polling]" in faults(tmp_path, "polling = 3")


def test_secrets_come_from_the_environment_and_are_not_shown(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, ""), {"DISCORD_TOKEN": "hidden", "NCBI_API_KEY": ""})

    assert config.secrets == Secrets(discord_token="hidden")
    assert "hidden" not in repr(config)
