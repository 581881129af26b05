"""The catalogues of words shown to people."""

import string

import pytest

from research.report.texts import LANGUAGES, catalogue, names, terminal_language, text, wording


def _entries(language):
    for group, texts in catalogue(language).items():
        for name, value in texts.items():
            yield f"{group}.{name}", value


def _placeholders(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys(language):
    assert [key for key, _ in _entries(language)] == [key for key, _ in _entries("en")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_in_no_value_that_english_lacks_and_lists_are_as_long(language):
    english = dict(_entries("en"))
    for key, value in _entries(language):
        if isinstance(value, list):
            assert len(value) == len(english[key]), key
        else:
            assert _placeholders(value) <= _placeholders(english[key]), key


def test_a_text_is_filled_in():
    assert text("en", "drift.labelled", section="环保") == "labelled 环保"
    assert text("zh", "drift.labelled", section="环保") == "标为环保"
    assert wording("split.pages") == ("版数", "pages")
    assert names("en", "tables.outcomes")[0] == "run"


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        text("en", "drift.nothing")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"RESEARCH_LANGUAGE": "zh", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"RESEARCH_LANGUAGE": "EN", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_TW", "LANG": "de_DE.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"RESEARCH_LANGUAGE": "fr", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_command_line_has_the_language_asked_for_or_that_of_the_system(
    monkeypatch, variables, language
):
    for name in ("RESEARCH_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert terminal_language() == language
