from indexer.candidate import entry_facts
from knowledge_base.entry import Record


def record(entry_id: str, lang: str, *tags: str, **metadata: str) -> Record:
    return Record(entry_id, lang, "Why?", "So.", tags=tags, metadata=metadata)


def test_an_entry_has_the_tags_of_all_its_languages() -> None:
    (facts,) = entry_facts([record("a", "en", "x"), record("a", "de", "y", "x")], "en")

    assert facts.entry_id == "a"
    assert facts.tags == frozenset({"x", "y"})


def test_metadata_comes_from_all_languages_and_the_default_language_has_the_last_word() -> None:
    (facts,) = entry_facts(
        [
            record("a", "de", product="zwei", only="german"),
            record("a", "fr", product="deux"),
            record("a", "fr-CA", region="west"),
        ],
        "fr",
    )

    assert dict(facts.metadata) == {"product": "deux", "only": "german", "region": "west"}


def test_every_entry_has_facts_also_one_without_any() -> None:
    facts = entry_facts([record("b", "en"), record("a", "de")], "en")

    assert [(each.entry_id, each.tags, dict(each.metadata)) for each in facts] == [
        ("a", frozenset(), {}),
        ("b", frozenset(), {}),
    ]
