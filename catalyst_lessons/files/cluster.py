"""Sends calls to a dask.distributed cluster; the one door to that library."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from catalyst_lessons.core.errors import UsageError

LOCAL = "local"
"""The address that stands for a cluster of processes on this machine."""
GATEWAY = "gateway:"
"""What stands before the name of a cluster that Dask Gateway made."""
CONNECT_SECONDS = 30
TRIES = 2
"""A call whose worker was lost is made once more; one that loses a second worker most likely ends them."""
LOST = frozenset({"KilledWorker", "CancelledError", "FutureCancelledError"})
"""The errors, by class, of a call that did not fail but whose worker went away."""


class Lost(Exception):
    """The workers that were to make this call went away."""


def call_on_cluster(
    work: Callable[..., Any],
    calls: Sequence[tuple[str, Any]],
    *,
    bundles: Mapping[str, bytes],
    address: str,
    jobs: int,
    on_done: Callable[[int, Any], None],
    on_lost: Callable[[int, str], None],
) -> None:
    """Makes `work(bundle, argument)` on the cluster for each call (bundle name, argument), and waits for all.

    Bundles travel to the cluster once, whatever the number of calls that share one. `on_done` is called in this thread
    with the number and the result of each call as it ends, the result being a `Lost` or another exception where there
    is none; `on_lost` with each call that is made again because its worker was lost, and that worker's address. An
    exception here, `KeyboardInterrupt` too, drops what has not begun; on a cluster of ours it ends the workers as well.

    Raises:
        UsageError: dask.distributed is not installed, or nothing answers at the address.
    """
    with _client(address, jobs) as client:
        _Calls(client, on_done, on_lost).make(work, calls, bundles)


@contextmanager
def _client(address: str, jobs: int) -> Iterator[Any]:
    try:
        import distributed
    except ImportError as error:
        hint = "install it with `pip install 'distributed>=2024.1'`"
        raise UsageError("dask.distributed is not installed", hint=hint) from error
    dask: Any = distributed  # it has hardly any types
    if address == LOCAL:
        options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
        with dask.LocalCluster(n_workers=jobs, **options) as cluster, dask.Client(cluster) as client:
            yield client
        return
    if address.startswith(GATEWAY):
        with _gateway_client(address.removeprefix(GATEWAY)) as client:
            yield client
        return
    try:
        client = dask.Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        hint = "an address is tcp://host:8786, as the scheduler prints it; `local` starts workers here"
        raise UsageError(f"no Dask scheduler answers at {address}: {error}", hint=hint) from error
    with client:
        yield client


@contextmanager
def _gateway_client(name: str) -> Iterator[Any]:
    """A client of a cluster that somebody made with Dask Gateway, and that goes on when we are done."""
    try:
        gateway_library = import_module("dask_gateway")
    except ImportError as error:
        hint = "install it with `pip install dask-gateway`, in the version that the hub has"
        raise UsageError("dask_gateway is not installed", hint=hint) from error
    with gateway_library.Gateway() as gateway:
        try:
            cluster = gateway.connect(name, shutdown_on_close=False)
        except (OSError, ValueError) as error:
            hint = "`dask_gateway.Gateway().list_clusters()` tells the names of yours"
            raise UsageError(f"Dask Gateway knows no cluster {name}: {error}", hint=hint) from error
        with cluster, cluster.get_client() as client:
            yield client


class _Calls:
    """Calls under way: which future stands for which, and on which workers each began."""

    def __init__(self, client: Any, on_done: Callable[[int, Any], None], on_lost: Callable[[int, str], None]) -> None:
        self.client = client
        self.on_done = on_done
        self.on_lost = on_lost
        self.topic = f"catalyst-{client.id}"
        self.numbers: dict[Any, int] = {}
        self.workers: dict[int, list[str]] = {}

    def make(self, work: Callable[..., Any], calls: Sequence[tuple[str, Any]], bundles: Mapping[str, bytes]) -> None:
        """Makes all calls."""
        import distributed

        ended: Callable[[list[Any]], Any] = distributed.as_completed
        self.client.subscribe_topic(self.topic, self._began)
        try:
            # As the result of a task, not scattered: Dask makes it again where the worker that holds it is lost.
            with warnings.catch_warnings(action="ignore"):  # it warns of arguments over 10 MB
                sent = {name: self.client.submit(_same, bundle, pure=False) for name, bundle in bundles.items()}
            for number, (name, argument) in enumerate(calls):
                future = self.client.submit(_call, work, sent[name], argument, self.topic, number, pure=False)
                self.numbers[future] = number
            for future in ended(list(self.numbers)):
                self._ended(self.numbers.pop(future), _answer(future))
        finally:
            with suppress(Exception):  # the connection may be what was lost
                self.client.cancel(list(self.numbers), force=True)
                self.client.unsubscribe_topic(self.topic)

    def _began(self, event: tuple[float, Any]) -> None:
        """A call began on a worker. Dask begins it again on another one, and another one, where that worker is lost."""
        number, worker = event[1]["number"], event[1]["worker"]
        self.workers.setdefault(number, []).append(worker)
        if len(self.workers[number]) > TRIES:
            futures = [future for future, one in self.numbers.items() if one == number]
            self.client.loop.add_callback(self.client.cancel, futures, asynchronous=True, force=True)

    def _ended(self, number: int, answer: Any) -> None:
        workers = self.workers.get(number, [])
        for lost in workers[:TRIES] if isinstance(answer, Lost) else workers[:-1]:
            self.on_lost(number, lost)
        self.on_done(number, answer)


def _answer(future: Any) -> Any:
    try:
        return future.result()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # whatever the call raised is its result
        return Lost(str(error)) if type(error).__name__ in LOST else error


def _same(bundle: bytes) -> bytes:
    return bundle


def _call(work: Callable[..., Any], bundle: bytes, argument: Any, topic: str, number: int) -> Any:
    """What the worker does: says that it begins, and calls."""
    from distributed import get_worker

    worker = get_worker()
    worker.log_event(topic, {"number": number, "worker": worker.address})
    return work(bundle, argument)
