from threading import Thread

from app.answering.remembering import RecentlyUsed


def test_what_was_put_is_found() -> None:
    memory: RecentlyUsed[str, int] = RecentlyUsed(2)
    memory.put("a", 1)
    assert memory.get("a") == 1
    assert memory.get("b") is None


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    memory: RecentlyUsed[str, int] = RecentlyUsed(2)
    memory.put("a", 1)
    memory.put("b", 2)
    memory.get("a")
    memory.put("c", 3)
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (1, None, 3)


def test_a_memory_of_size_nothing_keeps_nothing() -> None:
    memory: RecentlyUsed[str, int] = RecentlyUsed(0)
    memory.put("a", 1)
    assert memory.get("a") is None


def test_many_threads_never_make_it_larger() -> None:
    memory: RecentlyUsed[int, int] = RecentlyUsed(50)

    def use(start: int) -> None:
        for number in range(start, start + 500):
            memory.put(number, number)
            memory.get(number - 1)

    threads = [Thread(target=use, args=(start,)) for start in range(0, 4000, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memory) == 50
