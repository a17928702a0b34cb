"""Settings: defaults, then the file, then the environment, then the command line."""

import re
from pathlib import Path

import pytest

from central_server import config
from central_server.config import ConfigError, Settings

ROOT = Path(__file__).resolve().parents[2]


def test_without_any_setting_the_server_listens_on_this_machine_alone(tmp_path):
    settings = config.load(None, {}, {"data": tmp_path})
    assert (settings.host, settings.port, settings.database) == ("127.0.0.1", 8750, "")
    assert not settings.open_without_tls


def test_the_later_source_wins(tmp_path):
    (tmp_path / "config.toml").write_text('port = 1\nhost = "::1"\nlog_level = "error"\n[limits]\nlanes = 3\n')
    environ = {"LINLI_CENTRAL_PORT": "2", "LINLI_CENTRAL_LIMITS_BODY_MIB": "7", "LINLI_CENTRAL_DATA": str(tmp_path)}
    settings = config.load(None, environ, {"log_level": "debug", "host": None})
    assert (settings.port, settings.host, settings.log_level) == (2, "::1", "debug")
    assert (settings.limits.lanes, settings.limits.body_mib) == (3, 7)


def test_a_file_that_is_named_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match="无法读取"):
        config.load(tmp_path / "none.toml", {}, {"data": tmp_path})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "prot"),
        ("[limits]\nlane = 1", "limits.lane"),
        ('port = "x"', "port"),
        ("port = true", "port"),
        ("limits = 3", "一节"),
        ("[metrics]\nenabled = 7", "metrics.enabled"),
        ("[limits]\nlanes = 0", "limits.lanes"),
        ('cert = "a.pem"', "cert"),
        ("workers = 2", "PostgreSQL"),
        ('log_level = "loud"', "warning"),
        ("prot = 1", "是不是 port"),
        ('port = "x"', "config.toml"),
        ("[metrics]\nenabled = 7", "true 或 false"),
        ("[limits]\nwait_s = nan", "limits.wait_s"),
        ("[reports]\nrefresh_minutes = -5", "refresh_minutes"),
        ('trusted_proxies = "127.0.0.1, gateway"', "gateway"),
        ("port = 1\nworkers = x", "第 2 行"),
        ("= 3", "config.toml"),
    ],
)
def test_a_mistake_stops_the_server_and_is_named(tmp_path, text, said):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigError, match=re.escape(said)):
        config.load(None, {}, {"data": tmp_path})


def test_a_mistyped_variable_stops_the_server_and_the_right_one_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"LINLI_CENTRAL_PROT 不是.*是不是 LINLI_CENTRAL_PORT"):
        config.load(None, {"LINLI_CENTRAL_PROT": "1"}, {"data": tmp_path})


def test_a_wrong_value_is_told_with_where_it_came_from(tmp_path):
    with pytest.raises(ConfigError, match=r"环境变量.*port 应是数字.*8o"):
        config.load(None, {"LINLI_CENTRAL_PORT": "8o"}, {"data": tmp_path})


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfport = 8793\n", b"port = 8793\r\n"])
def test_a_file_saved_by_windows_is_read(tmp_path, content):
    (tmp_path / "config.toml").write_bytes(content)
    assert config.load(None, {}, {"data": tmp_path}).port == 8793


def test_a_file_that_is_not_utf_8_is_told_in_words(tmp_path):
    (tmp_path / "config.toml").write_bytes("# 中心服务器\n".encode("gbk"))
    with pytest.raises(ConfigError, match="UTF-8"):
        config.load(None, {}, {"data": tmp_path})


def test_networks_of_gateways_are_taken(tmp_path):
    for text in ("10.0.0.0/8, ::1", "*", ""):
        assert config.load(None, {"LINLI_CENTRAL_TRUSTED_PROXIES": text}, {"data": tmp_path}).trusted_proxies == text


def test_every_setting_is_told_in_the_documentation_with_its_default():
    told = (ROOT / "docs/server.md").read_text("utf-8")
    settings = Settings(Path())
    for name in config.names():
        assert f"`{name}`" in told, name
        section, _, inner = name.rpartition(".")
        value = getattr(getattr(settings, section) if section else settings, inner)
        if not isinstance(value, Path | None) and value != "":
            shown = (
                str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else value
            )
            assert f"| `{name}` | {shown} |" in told, name


def test_the_example_of_the_installer_is_a_file_the_server_takes(tmp_path):
    example = ROOT / "installer/central/config.toml"
    assert config.load(example, {}, {"data": tmp_path}).port == 8750
    everything = re.sub(r"^# (?=[a-z_]+ = )", "", example.read_text("utf-8"), flags=re.MULTILINE)
    (tmp_path / "all.toml").write_text(everything)
    assert config.load(tmp_path / "all.toml", {}, {"data": tmp_path}).host
