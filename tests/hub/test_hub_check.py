"""`catalyst hub check` on a hub that plays every part, and the token, which is seen nowhere."""

from __future__ import annotations

import io
import json
import shutil
import socket
import ssl
import subprocess
import threading
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from hub.loopback import FakeHub, serving

from catalyst_lessons.adapters import cli
from catalyst_lessons.core.errors import CatalystError, UsageError
from catalyst_lessons.core.launching.hub_report import GIB, HubFacts, Inside, Outside, is_ready, judge
from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.launching.publishing import Needs
from catalyst_lessons.core.rendering.hub_page import findings_of, render_hub, sentences
from catalyst_lessons.files.hub.asking import Answer, Door, checked_token, trouble_of
from catalyst_lessons.files.hub.outside import front_of, look_outside
from catalyst_lessons.project import hub_checking
from catalyst_lessons.project.hub_checking import Wanted, look_at
from catalyst_lessons.project.translations import words_in

TOKEN = "s3cret-t0ken-of-ana"  # noqa: S105
USER = "/hub/api/users/ana"
WANTED = Wanted(
    Needs({"pandas": "2.2"}, {"pandas": "pandas"}),
    memory=2 * GIB,
    kernels=("python3",),
    repository="https://git.example.org/rain",
    branch="notebooks",
    target_path="rain",
    paths=("rain/es/lessons/01-rain.ipynb",),
)


def live_hub(prefix: str = "") -> FakeHub:
    """A hub with JupyterHub 6, as it answers without a log-in."""
    link = f"{prefix}/hub/user-redirect/git-pull"
    return FakeHub(
        {f"GET {prefix}/hub/api": (200, {"version": "6.1.1"}), f"GET {link}": (302, "")},
        {
            f"GET {prefix}/hub/api": {"Access-Control-Allow-Origin": "*"},
            f"GET {link}": {"Location": f"{prefix}/hub/login?next=x"},
        },
    )


def hub_for_ana() -> FakeHub:
    """The same, with what Ana's token opens."""
    hub = live_hub()
    hub.answers |= {
        "GET /hub/api/user": (200, {"name": "ana", "kind": "user", "server": None}),
        f"POST {USER}/server": (202, ""),
        f"GET {USER}/server/progress": (200, [{"progress": 50}, {"progress": 100, "ready": True}]),
        f"DELETE {USER}/server": (204, ""),
        f"GET {USER}": (200, {"name": "ana", "servers": {}, "server": None}),
        "GET /user/ana/git-pull/api": (200, [{"phase": "syncing", "output": "x"}, {"phase": "finished"}]),
        "GET /user/ana/api/contents/rain/es/lessons/01-rain.ipynb": (200, {"name": "01-rain.ipynb"}),
        "GET /user/ana/api/kernelspecs": (200, {"kernelspecs": {"python3": {}}}),
        "POST /user/ana/api/sessions": (500, {"message": "no kernel today"}),
    }
    return hub


def look(hub: FakeHub, *, token: str = "", want: Wanted = WANTED, seconds: float = 5) -> HubFacts:
    with serving(hub.handler()) as url:
        return look_at(Hub("mine", "Mine", url), want, token=token, seconds=seconds)


def keys(facts: HubFacts) -> list[str]:
    return [remark.key for remark in judge(facts)]


# From outside --------------------------------------------------------------------------------------------------------


def test_a_live_hub() -> None:
    hub = live_hub()
    facts = look(hub)
    assert facts.outside == Outside("up", "6.1.1", login=302, cors=True)
    assert keys(facts) == ["up", "links", "cors", "need-token"]
    assert is_ready(judge(facts)) and findings_of(facts) == ()
    assert set(hub.tokens) == {""}


def test_a_hub_below_a_path() -> None:
    with serving(live_hub("/jupyter").handler()) as url:
        assert look_outside(f"{url}/jupyter").state == "up"
        hub = live_hub("/jupyter")
        hub.answers["GET /"] = (302, "")
        hub.headers["GET /"] = {"Location": "/jupyter/hub/"}
    with serving(hub.handler()) as url:
        assert look_outside(url) == Outside("elsewhere", elsewhere=f"{url}/jupyter")


def test_a_path_too_little() -> None:
    with serving(live_hub("/jupyter").handler()) as url:
        assert look_outside(url) == Outside("elsewhere", elsewhere=f"{url}/jupyter")


def test_a_path_too_much() -> None:
    with serving(live_hub().handler()) as url:
        assert look_outside(f"{url}/jupyter") == Outside("elsewhere", elsewhere=url)


def test_a_redirect_is_not_followed_to_another_scheme(tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "api").write_text('{"version": "6"}')
    hub = FakeHub(other=(302, "<html>"))
    hub.headers = {"GET /hub/api": {"Location": f"file://{tmp_path}/hub/api"}, "GET /": {"Location": "ftp://x/hub"}}
    facts = look(hub)
    assert facts.outside == Outside("no-hub")
    assert set(hub.seen) <= {"GET /hub/api", "GET /", "GET /jupyter/hub/api", "GET /jupyterhub/hub/api"}


@pytest.mark.parametrize(
    ("hub", "key", "code"),
    [
        (FakeHub(other=(404, "Not Found")), "starting", "H423"),
        (FakeHub(other=(503, "<html>503: Proxy Target Missing")), "starting", "H423"),
        (FakeHub(other=(404, "<html>404: Not Found <p>configurable-http-proxy</p>")), "starting", "H423"),
        (FakeHub(other=(404, "<html>nothing here</html>")), "no-hub", "H422"),
        (FakeHub(other=(200, "<html>a website</html>")), "no-hub", "H422"),
        (FakeHub({"GET /hub/api": (200, {"hello": 1})}), "no-hub", "H422"),
        (FakeHub({"GET /hub/api": (200, {"version": "6.1.1"})}), "no-links", "H425"),
    ],
)
def test_what_is_no_hub(hub: FakeHub, key: str, code: str) -> None:
    facts = look(hub)
    assert (key, code) in [(remark.key, remark.code) for remark in judge(facts)]
    assert not is_ready(judge(facts))


def test_nobody_answers() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    facts = look_at(Hub("mine", "Mine", f"http://127.0.0.1:{port}"), Wanted())
    assert keys(facts) == ["refused"]
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert look_outside(f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.2).trouble == "timeout"


def certificate_error(number: int) -> urllib.error.URLError:
    error = ssl.SSLCertVerificationError()
    error.verify_code = number
    return urllib.error.URLError(error)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (certificate_error(10), "tls-expired"),
        (certificate_error(62), "tls-name"),
        (certificate_error(18), "tls-untrusted"),
        (urllib.error.URLError(ssl.SSLError()), "tls"),
        (urllib.error.URLError(socket.gaierror()), "no-host"),
        (TimeoutError(), "timeout"),
        (ConnectionResetError(), "broken"),
    ],
)
def test_trouble_has_a_word_and_a_sentence(error: Exception, trouble: str) -> None:
    assert trouble_of(error) == trouble
    facts = HubFacts("x", "X", "https://x.org", outside=Outside("no-answer", trouble=trouble))
    assert [finding.code for finding in findings_of(facts)] == ["H421" if trouble.startswith("tls") else "H420"]


@contextmanager
def https(folder: Path, hub: FakeHub) -> Iterator[str]:
    """A hub whose certificate nobody has signed."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Nothing: the other side hangs up."""

    server = Server(("127.0.0.1", 0), hub.handler())
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_a_certificate_that_nobody_signed_gets_no_token(tmp_path: Path) -> None:
    hub = hub_for_ana()
    with https(tmp_path, hub) as url:
        facts = look_at(Hub("mine", "Mine", url), WANTED, token=TOKEN)
    assert keys(facts) == ["tls-untrusted"]
    assert hub.seen == []


def test_a_retired_hub_is_not_asked() -> None:
    hub = live_hub()
    with serving(hub.handler()) as url:
        facts = look_at(Hub("old", "Old", url, status="retired", since="2026-02"), WANTED, token=TOKEN)
    assert keys(facts) == ["retired"] and hub.seen == []
    assert "2026-02" in render_hub(facts, "text", words_in("en"))
    assert [finding.code for finding in findings_of(facts)] == ["H424"]


# From inside ---------------------------------------------------------------------------------------------------------


def test_a_server_is_started_looked_at_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = {"python": "3.12", "memory": 4 * GIB, "disk": 9 * GIB, "packages": {"pandas": "2.2.3"}}
    monkeypatch.setattr(hub_checking, "run_code", lambda *_: f"noise\n{hub_checking.MARK}{json.dumps(printed)}\n")
    hub = hub_for_ana()
    facts = look(hub, token=TOKEN)
    assert facts.inside and facts.inside.stopped and facts.inside.pulled and facts.inside.absent == ()
    assert is_ready(judge(facts)), render_hub(facts, "text", str)
    assert hub.seen.index(f"POST {USER}/server") < hub.seen.index(f"DELETE {USER}/server")
    assert set(hub.tokens[2:]) == {f"token {TOKEN}"}
    poor = {**printed, "memory": GIB, "disk": GIB // 10, "packages": {"pandas": "1.5.3"}}
    monkeypatch.setattr(hub_checking, "run_code", lambda *_: f"{hub_checking.MARK}{json.dumps(poor)}")
    codes = [(finding.code, finding.severity) for finding in findings_of(look(hub_for_ana(), token=TOKEN))]
    assert codes == [("H432", "warning"), ("H433", "warning"), ("H431", "error")]


FAULTS = {
    "token": ("GET /hub/api/user", (403, {"message": "Invalid token"}), "H426"),
    "start refused": (f"POST {USER}/server", (500, {"message": "no room"}), "H427"),
    "start fails": (f"GET {USER}/server/progress", (200, [{"failed": True, "message": "no image"}]), "H427"),
    "no nbgitpuller": ("GET /user/ana/git-pull/api", (404, "<html>404</html>"), "H428"),
    "wrong branch": ("GET /user/ana/git-pull/api", (200, [{"phase": "error", "message": "no branch"}]), "H429"),
    "missing notebook": ("GET /user/ana/api/contents/rain/es/lessons/01-rain.ipynb", (404, {}), "H430"),
    "no kernel": ("GET /user/ana/api/kernelspecs", (200, {"kernelspecs": {"ir": {}}}), "H434"),
    "kernel fails": ("POST /user/ana/api/sessions", (500, {"message": "no kernel"}), "H434"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_can_go_wrong_inside(fault: str) -> None:
    hub = hub_for_ana()
    key, answer, code = FAULTS[fault]
    hub.answers[key] = answer
    facts = look(hub, token=TOKEN)
    assert code in [finding.code for finding in findings_of(facts)]
    assert not is_ready(judge(facts))
    if fault != "token":
        assert f"DELETE {USER}/server" in hub.seen


def test_a_server_that_never_gets_ready_is_stopped() -> None:
    hub = hub_for_ana()
    hub.answers[f"GET {USER}/server/progress"] = (200, [{"progress": 1}])
    facts = look(hub, token=TOKEN, seconds=0.5)
    assert facts.inside and facts.inside.trouble == "start"
    assert f"DELETE {USER}/server" in hub.seen


def test_a_server_that_was_running_is_left_running() -> None:
    hub = hub_for_ana()
    hub.answers["GET /hub/api/user"] = (200, {"name": "ana", "kind": "user", "server": "/user/ana/"})
    facts = look(hub, token=TOKEN)
    assert "running" in keys(facts)
    assert not [request for request in hub.seen if request.startswith("DELETE")]
    assert f"POST {USER}/server" not in hub.seen


def test_a_server_that_does_not_stop_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalyst_lessons.files.hub.servers.STOP_SECONDS", 0.6)
    hub = hub_for_ana()
    hub.answers |= {f"DELETE {USER}/server": (202, ""), f"GET {USER}": (200, {"servers": {"": {}}})}
    facts = look(hub, token=TOKEN)
    assert "H435" in [finding.code for finding in findings_of(facts)]


def test_a_service_makes_a_person_and_deletes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalyst_lessons.files.hub.servers.secrets.token_hex", lambda _: "1")
    hub = hub_for_ana()
    name = "/hub/api/users/catalyst-check-1"
    renamed = {key.replace("/users/ana", "/users/catalyst-check-1"): answer for key, answer in hub.answers.items()}
    hub.answers = {key.replace("/user/ana", "/user/catalyst-check-1"): answer for key, answer in renamed.items()}
    hub.answers["GET /hub/api/user"] = (200, {"name": "checker", "kind": "service"})
    hub.answers |= {f"POST {name}": (201, {}), f"DELETE {name}": (204, "")}
    facts = look(hub, token=TOKEN)
    assert facts.inside and facts.inside.stopped
    assert hub.seen[-1] == f"DELETE {name}"


# The token -----------------------------------------------------------------------------------------------------------


def test_the_token_is_in_no_output_even_if_the_hub_repeats_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("CATALYST_HUB_TOKEN", TOKEN)
    monkeypatch.chdir(tmp_path)
    for fault in FAULTS.values():
        hub = hub_for_ana()
        status, _ = fault[1]
        hub.answers[fault[0]] = (status, {"message": f"you sent token {TOKEN}"} if status != 200 else fault[1][1])
        with serving(hub.handler()) as url:
            for form in ("text", "json", "markdown"):
                assert cli.run(["hub", "check", url, "--format", form, "--timeout", "3"]) == 1
    told = capsys.readouterr()
    assert TOKEN not in told.out + told.err
    assert "[token]" in told.out


@pytest.mark.parametrize("token", [f"{TOKEN}\nX: y", f"{TOKEN} é", f"to ken {TOKEN}"])
def test_a_token_that_cannot_be_one_is_not_shown(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as raised:
        checked_token(token)
    assert TOKEN not in f"{raised.value!r}{raised.value}"
    monkeypatch.setenv("CATALYST_HUB_TOKEN", token)
    errors = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", errors)
        assert cli.run(["hub", "check", "http://127.0.0.1:1"]) == 2
    assert TOKEN not in errors.getvalue()


def test_the_token_is_in_no_repr_and_in_no_traceback() -> None:
    door = Door("http://127.0.0.1:1", TOKEN)
    assert TOKEN not in repr(door)
    assert TOKEN not in repr(door.ask("/hub/api"))
    assert door.hide(f"x {TOKEN}") == "x [token]"


def test_there_is_no_option_for_the_token() -> None:
    cli._load_commands()
    command = cli.catalyst.commands["hub"].commands["check"]  # type: ignore[attr-defined]
    assert not [option for parameter in command.params for option in parameter.opts if "token" in option]


# How it is told ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["es", "pt", "fr"])
def test_every_sentence_is_translated_and_fits_its_values(language: str) -> None:
    english, ours = sentences(str), sentences(words_in(language))
    same = {key for key in english if english[key] == ours[key]}
    assert same <= {"python"}


def test_json_markdown_and_text(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with serving(live_hub().handler()) as url:
        assert cli.run(["hub", "check", url, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["ok"] and told["outside"]["version"] == "6.1.1" and told["inside"] is None
        assert cli.run(["hub", "check", url, "--language", "es"]) == 0
        text = capsys.readouterr().out
        assert "✓ El hub responde. Funciona con JupyterHub 6.1.1." in text and "The hub" not in text
        assert cli.run(["hub", "check", url, "--format", "markdown", "--language", "fr"]) == 0
        assert "- ✓ Le hub répond." in capsys.readouterr().out


def test_what_a_hub_says_can_do_no_harm() -> None:
    evil = "\x1b[31m<script>{url}\u202e"
    facts = HubFacts("x", "X", "https://x.org", outside=Outside("up", evil, login=302), inside=Inside("start", evil))
    for form in ("text", "markdown", "json"):
        told = render_hub(facts, form, str)
        assert "\x1b" not in told and "\u202e" not in told
    assert "<script>" not in render_hub(facts, "markdown", str)


def test_an_unknown_id_names_those_there_are() -> None:
    with pytest.raises(CatalystError, match='no hub "shwcase"') as raised:
        hub_checking.find_hub(None, "shwcase")
    assert "showcase" in raised.value.hint


# Runs on a hub --------------------------------------------------------------------------------------------------------


def check_on(hub: FakeHub, curriculum: Path, *paths: str) -> int:
    with serving(hub.handler()) as url:
        return cli.run(["--project", str(curriculum), "check", "--hub", url, *(str(curriculum / one) for one in paths)])


def test_running_on_a_hub_needs_a_token(curriculum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub = hub_for_ana()
    assert check_on(hub, curriculum) == 2
    assert "CATALYST_HUB_TOKEN" in capsys.readouterr().err
    assert hub.seen == []


def test_what_cannot_be_run_on_a_hub_is_told_and_the_server_is_stopped(
    curriculum: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALYST_HUB_TOKEN", TOKEN)
    hub = hub_for_ana()
    assert check_on(hub, curriculum, "lessons/01-rain.md") == 1
    told = capsys.readouterr().out
    assert "errored HubError: no kernel today" in told and "1 notebook: 1 errored" in told
    assert hub.seen[-2:] == [f"DELETE {USER}/server", f"GET {USER}"]
    assert check_on(hub, curriculum, "lessons") == 1
    assert "2 notebooks: 2 errored" in capsys.readouterr().out
    hub.answers["GET /user/ana/git-pull/api"] = (404, "<html>")
    assert check_on(hub, curriculum) == 2
    assert "nbgitpuller is missing" in capsys.readouterr().err
    assert hub.seen[-2] == f"DELETE {USER}/server"


# Addresses and answers that are none ---------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [f"{'a' * 70}.example.org", "exämple..org"])
def test_a_name_that_no_computer_can_have(host: str) -> None:
    assert Door(f"https://{host}").ask("/hub/api").trouble == "no-host"
    assert [event.trouble for event in Door(f"https://{host}").events("/x", seconds=1)] == ["no-host"]


def test_a_path_with_other_letters_than_http_has() -> None:
    hub = hub_for_ana()
    with serving(hub.handler()) as url:
        assert Door(f"{url}/ñ b").ask("/hub/api?x=é").status == 404
    assert hub.seen == ["GET /%C3%B1%20b/hub/api"]


def test_a_redirect_to_no_address_at_all() -> None:
    assert front_of("https://hub.example.org", "http://[::1") == ""
    assert front_of("https://hub.example.org", "/jupyter/hub/login") == "https://hub.example.org/jupyter"


def test_an_answer_that_is_nested_without_end_is_no_json() -> None:
    assert Answer(200, "[" * 500_000).json is None
