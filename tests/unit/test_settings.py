from functools import partial
from pathlib import Path

import pytest

from app.settings import LanguageDetector, Settings, SettingsError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def toml(text: str) -> Path:
    path = Path("polyfaq.toml")
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_has_a_default() -> None:
    settings = Settings.load()
    assert settings.models_folder == Path("var/models")
    assert settings.generations_folder == Path("var/generations")
    assert (settings.content / "en.yaml").is_file()
    assert settings.golden_file == settings.content / "golden.jsonl"
    assert settings.database.startswith("sqlite:///")
    assert settings.database.endswith("/var/polyfaq.db")


def test_the_sample_content_is_named_as_seen_from_the_working_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])

    assert Settings.load().content == Path("knowledge_base/content")


def test_the_environment_goes_before_the_file_and_options_before_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    toml('port = 1000\nhost = "0.0.0.0"\nthreads = 3\n')
    monkeypatch.setenv("POLYFAQ_PORT", "2000")
    monkeypatch.setenv("POLYFAQ_THREADS", "4")
    settings = Settings.load(threads=5)
    assert (settings.host, settings.port, settings.threads) == ("0.0.0.0", 2000, 5)  # noqa: S104 - only read


def test_another_file_can_be_named(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("port = 1234", encoding="utf-8")
    assert Settings.load(other).port == 1234


def test_lists_are_separated_by_commas_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYFAQ_FALLBACK_LANGUAGES", "es, PT_br,,es")
    monkeypatch.setenv("POLYFAQ_CORS_ORIGINS", "https://a.example,https://b.example")
    settings = Settings.load()
    assert settings.fallback_languages == ("es", "pt-BR")
    assert settings.cors_origins == ("https://a.example", "https://b.example")


def test_lists_are_lists_in_the_file() -> None:
    toml('languages = ["de", "zh_hant"]\nlanguage_detector = "langdetect"')
    settings = Settings.load()
    assert settings.languages == ("de", "zh-Hant")
    assert settings.language_detector is LanguageDetector.LANGDETECT


def test_models_can_be_shared_and_content_can_be_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYFAQ_MODELS", "/srv/models")
    monkeypatch.setenv("POLYFAQ_CONTENT", "faq/all.csv")
    settings = Settings.load()
    assert settings.models_folder == Path("/srv/models")
    assert settings.golden_file == Path("faq/golden.jsonl")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("PORT", "80a", "integer"),
        ("PORT", "70000", "65535"),
        ("WORKERS", "0", "greater than or equal to 1"),
        ("DEFAULT_LANGUAGE", "klingon", "BCP 47"),
        ("FALLBACK_LANGUAGES", "en,xx", "xx"),
        ("LANGUAGE_DETECTOR", "guess", "py3langid"),
        ("ERROR_BUDGET", "1.5", "less than 1"),
        ("LOG_LEVEL", "loud", "info"),
    ],
)
def test_a_wrong_value_is_named_with_its_key_and_the_way_out(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"POLYFAQ_{key}", value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    message = str(caught.value)
    assert f"POLYFAQ_{key}" in message
    assert value.split(",", maxsplit=1)[0] in message
    assert told in message


def test_an_unknown_key_in_the_file_is_named() -> None:
    toml("prot = 8080")
    with pytest.raises(SettingsError, match=r"polyfaq\.toml: there is no setting 'prot'"):
        Settings.load()


def test_a_misspelt_name_is_answered_with_the_one_that_is_meant() -> None:
    toml("rate_limits = 30")
    with pytest.raises(SettingsError, match=r"no setting 'rate_limits'; did you mean rate_limit\?"):
        Settings.load()


def test_variables_that_look_like_settings_but_are_none_are_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POLYFAQ_RATE_LIMITS", "30")
    monkeypatch.setenv("POLYFAQ_ZZZ", "1")
    monkeypatch.setenv("POLYFAQ_PORT", "8081")
    assert Settings.strays() == (
        "POLYFAQ_RATE_LIMITS is no setting and is not heeded; did you mean POLYFAQ_RATE_LIMIT?",
        "POLYFAQ_ZZZ is no setting and is not heeded",
    )


def test_a_file_that_is_no_toml_is_named() -> None:
    toml("port = ")
    with pytest.raises(SettingsError, match=r"polyfaq\.toml: not a TOML file"):
        Settings.load()


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml: no such settings file"):
        Settings.load(Path("missing.toml"))


def test_a_short_operator_key_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POLYFAQ_OPERATOR_KEY", "hunter2")
    with pytest.raises(SettingsError, match="at least 16 characters") as caught:
        Settings.load()
    assert "hunter2" not in str(caught.value)


def test_an_empty_operator_key_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYFAQ_OPERATOR_KEY", "")
    assert Settings.load().operator_key is None


def test_secrets_are_not_shown() -> None:
    settings = Settings.load(
        operator_key="0123456789abcdef", database_url="postgresql://me:hunter2@db/faq"
    )
    assert "hunter2" not in repr(settings)
    assert "0123456789abcdef" not in repr(settings)
    assert "hunter2" in settings.database


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def _first_of(processors: int, _: int) -> set[int]:
    return set(range(processors))


def test_a_process_answers_on_each_processor_but_no_more_than_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for processors, processes in ((1, 1), (2, 2), (16, 2)):
        monkeypatch.setattr("os.sched_getaffinity", partial(_first_of, processors))
        assert Settings.load().processes == processes
    assert Settings.load(workers=5).processes == 5
