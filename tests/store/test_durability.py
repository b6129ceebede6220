"""A ticket that was acknowledged outlives the process that took it."""

import signal
import subprocess
import sys

from app.store import Store
from tests.store.test_tickets import texts

SERVER = """
import sys
from app.handoff.tickets import TicketRequest
from app.store import open_store
from indexer.decision import Reason

store = open_store(sys.argv[1])
for number in range(100):
    request = TicketRequest(f"c-{number % 7}", f"Question {number}", "en", Reason.REQUESTED)
    print(number, store.tickets.open(request).ticket_id, flush=True)
sys.stdin.read()
"""


def test_tickets_survive_a_process_that_is_killed(database_url: str, store: Store) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().split() for _ in range(60)]
        process.send_signal(signal.SIGKILL)

    assert process.returncode == -signal.SIGKILL
    for number, ticket_id in acknowledged:
        kept = store.tickets.find(ticket_id)
        assert kept is not None
        assert f"Question {number}" in texts(kept)


WORKER = """
import sys
from app.handoff.tickets import TicketRequest
from app.store import open_store
from indexer.decision import Reason

store = open_store(sys.argv[1])
for number in range(20):
    question = f"Question {sys.argv[2]}-{number}"
    store.tickets.open(TicketRequest("c-1", question, "en", Reason.REQUESTED))
"""


def test_processes_share_a_conversations_ticket(database_url: str, store: Store) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", WORKER, database_url, str(worker)])
        for worker in range(2)
    ]

    assert [process.wait() for process in processes] == [0, 0]
    (ticket,) = store.tickets.page().tickets
    assert sorted(map(str, texts(ticket))) == sorted(
        f"Question {worker}-{number}" for worker in range(2) for number in range(20)
    )
