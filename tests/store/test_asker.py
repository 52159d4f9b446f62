from __future__ import annotations

import threading
import time
from contextvars import copy_context

import duckdb
import pytest

from headway.store.asker import Asker, NobodyWaits, for_asker
from headway.store.embedded import EmbeddedStore

LONG = "select max(hash(a.range + b.range)) from range(10000000) a, range(10000000) b"


def test_a_query_that_nobody_waits_for_is_interrupted() -> None:
    asker, ended = Asker(), list[BaseException]()
    begun = threading.Event()

    def ask() -> None:
        with duckdb.connect() as connection, asker.asking():
            try:
                with for_asker(connection) as cursor:
                    begun.set()
                    cursor.execute(LONG)
            except NobodyWaits as error:
                ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    begun.wait(5)
    give_up = time.monotonic() + 5
    while asker.leave():
        assert time.monotonic() < give_up
        time.sleep(0.01)
    thread.join(5)
    assert len(ended) == 1


def test_who_has_left_is_not_answered_and_others_are() -> None:
    asker = Asker()
    asker.leave()
    store = EmbeddedStore()
    try:
        with asker.asking():
            for context in (copy_context(), copy_context()):
                with pytest.raises(NobodyWaits):
                    context.run(store.points, [1])
            with Asker().asking():
                assert len(store.points([1])[0].steps) == 0
            with pytest.raises(NobodyWaits):
                store.blobs([1])
        assert len(store.points([1])[0].steps) == 0
    finally:
        store.close()


def test_another_error_is_itself() -> None:
    with duckdb.connect() as connection, Asker().asking(), pytest.raises(duckdb.ParserException):  # noqa: SIM117
        with for_asker(connection) as cursor:
            cursor.execute("selec")
