"""The preferences: each entry stands under its key and says what it does."""

from dashboard.core.preferences import PREFERENCES


def test_each_preference_stands_under_its_key_with_its_sentence():
    assert [key for key, entry in PREFERENCES.items() if entry.key != key or not entry.sentence.strip()] == []
