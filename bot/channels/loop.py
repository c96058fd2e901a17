"""An event loop in a thread of its own, for libraries that only speak async."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """A running loop in a daemon thread; made and closed in the same process."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._lock = threading.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived: list[tuple[Coroutine[Any, Any, Any], Future[Any]]] = []
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Start `work` on the loop, in the order of the calls; never blocks.

        Waking the loop costs a system call, so what arrives before it is awake shares
        one.
        """
        future: Future[T] = Future()
        with self._lock:
            asleep = not self._arrived
            self._arrived.append((work, future))
        if asleep:
            self._loop.call_soon_threadsafe(self._start_arrived)
        return future

    def _start_arrived(self) -> None:
        with self._lock:
            arrived, self._arrived = self._arrived, []
        for work, future in arrived:
            task = self._loop.create_task(_report(work, future))
            self._tasks.add(task)  # the loop itself would let go of it
            task.add_done_callback(self._tasks.discard)

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Cancel what still runs, do `last`, and wait for the thread to end."""
        self.submit(_cancel_others()).result()
        self.submit(last).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()


async def _report(work: Coroutine[Any, Any, T], future: "Future[T]") -> None:
    """Do `work` and tell its future how it ended."""
    try:
        future.set_result(await work)
    except asyncio.CancelledError:
        future.cancel()
        raise
    except BaseException as error:  # noqa: BLE001 - handed on, never swallowed
        future.set_exception(error)


async def _cancel_others() -> None:
    """Cancel every other task of this loop and wait until each has let go."""
    # One that never began could not say how it ended.
    await asyncio.sleep(0)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
