from indexer.diff import ContentDiff, LanguageDiff, diff_records


def test_equal_records_do_not_differ() -> None:
    lines = {("a", "en"): b"1", ("a", "de"): b"2"}

    diff = diff_records(lines, dict(lines))

    assert not diff
    assert diff == ContentDiff()


def test_what_came_what_differs_and_what_went_is_told_per_language() -> None:
    before = {("a", "en"): b"1", ("b", "en"): b"2", ("c", "en"): b"3", ("a", "fr"): b"4"}
    after = {("a", "en"): b"1", ("b", "en"): b"two", ("e", "en"): b"5", ("d", "en"): b"6"}

    diff = diff_records(before, after)

    assert diff
    assert diff.languages == (
        LanguageDiff("en", added=("d", "e"), changed=("b",), removed=("c",)),
        LanguageDiff("fr", removed=("a",)),
    )
    assert (diff.added, diff.changed, diff.removed) == (2, 1, 2)


def test_a_language_in_which_nothing_changed_is_not_listed_but_can_be_asked() -> None:
    diff = diff_records({("a", "en"): b"1"}, {("a", "en"): b"1", ("a", "de"): b"2"})

    assert [each.lang for each in diff.languages] == ["de"]
    assert diff.of("en") == LanguageDiff("en")
