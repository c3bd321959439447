"""Notebooks that do what no notebook should, and what has to come of each: outcome, error, code cell."""

from __future__ import annotations

Cells = tuple[str, ...]
Expected = tuple[str, str, int]
PASSED: Expected = ("passed", "", 0)


def failed(error: str, cell: int = 1) -> Expected:
    return "failed", error, cell


def died(cell: int = 1) -> Expected:
    return "errored", "DeadKernelError", cell


SLEEPER = "sleep 4321"
CASES: dict[str, tuple[Cells, Expected]] = {
    # The end of the process
    "os_exit": (("import os", "os._exit(3)", "1"), died(2)),
    "os_exit_0": (("import os", "os._exit(0)", "1"), died(2)),
    "segfault": (("import ctypes", "ctypes.string_at(0)"), died(2)),
    "abort": (("import os", "os.abort()"), died(2)),
    "sigkill": (("import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"), died(2)),
    "sigterm": (("import os, signal", "os.kill(os.getpid(), signal.SIGTERM)"), died(2)),
    "sys_exit": (("import sys", "sys.exit(2)", "print('alive')"), failed("SystemExit", 2)),
    "quit": (("a = 1", "quit()", "print('alive')"), failed("SystemExit", 2)),
    "kill_group": (("import os, signal", "os.killpg(0, signal.SIGKILL)"), died(2)),
    # Time
    "loop_catching_all": (
        ("1", "while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        failed("CellTimeoutError", 2),
    ),
    "sigint_ignored": (
        ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)", "import time\nwhile True: time.sleep(1)"),
        failed("CellTimeoutError", 2),
    ),
    "handlers_changed": (
        (
            "import signal\nfor n in (2, 10, 12, 15): signal.signal(n, lambda *a: None)\n"
            "while True: signal.signal(signal.SIGINT, lambda *a: None)",
        ),
        failed("CellTimeoutError"),
    ),
    "deadlock": (
        ("import threading\nlock = threading.Lock()\nlock.acquire()", "lock.acquire()"),
        failed("CellTimeoutError", 2),
    ),
    "sleeps_in_c": (("import ctypes\nctypes.CDLL(None).sleep(1000)",), failed("CellTimeoutError")),
    "awaits_forever": (("import asyncio\nawait asyncio.Event().wait()",), failed("CellTimeoutError")),
    "waits_for_child": ((f"!{SLEEPER}",), failed("CellTimeoutError")),
    # Output
    "flood": (("import time\nwhile True: print('x' * 100_000); time.sleep(0.001)",), failed("OutputLimitError")),
    "flood_of_child": (("import subprocess\nsubprocess.run(['yes'])",), failed("OutputLimitError")),
    "large_result": (("b = 'z' * 60_000_000", "b"), failed("OutputLimitError", 2)),
    "displays": (("from IPython.display import display\nfor i in range(5000): display(i)",), PASSED),
    "surrogate": (("print('\\ud800 lone surrogate')",), PASSED),
    "raw_bytes": (("import os\nos.write(1, b'\\xff\\xfe raw\\n')\nNone",), PASSED),
    "closes_stdout": (("import sys\nsys.stdout.close()", "1"), PASSED),
    "huge_traceback": (("raise ValueError('x' * 1_000_000)",), failed("ValueError")),
    "escape_codes": (("print('\\x1b]0;title\\x07\\x1b[2J\\x1b[31mred\\r\\b')",), PASSED),
    "not_json": (
        (
            "from IPython.display import display\n"
            "display({'application/json': float('nan'), 'text/plain': 'x'}, raw=True)",
        ),
        PASSED,
    ),
    # Input, errors
    "input": (("name = input('name? ')", "name"), failed("StdinNotImplementedError")),
    "reads_stdin": (("import sys\nassert sys.stdin.read() == ''",), PASSED),
    "syntax": (("x = 1", "def broken(:\n    pass"), failed("SyntaxError", 2)),
    "recursion": (
        ("import sys\nsys.setrecursionlimit(300)\ndef f(n): return f(n + 1)\nf(0)",),
        failed("RecursionError"),
    ),
    "bad_repr": (("class A:\n    def __repr__(self): raise KeyError('no')", "A()"), failed("KeyError", 2)),
    "null_byte": (("x = 'a\x00b'",), failed("SyntaxError")),
    # Processes
    "child_left": (("import subprocess\np = subprocess.Popen(['sleep', '4321'])",), PASSED),
    "child_in_session": (
        ("import subprocess\np = subprocess.Popen(['sleep', '4321'], start_new_session=True)",),
        PASSED,
    ),
    "daemon": (
        (
            "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
            "        os.execvp('sleep', ['sleep', '4321'])\n    os._exit(0)\nos.wait()",
        ),
        PASSED,
    ),
    "fork_goes_on": (("import os\npid = os.fork()", "pid is not None"), PASSED),
    "fork_bomb": (
        ("import os, time\nfor _ in range(150):\n    if os.fork() == 0:\n        time.sleep(300)\ntime.sleep(5)",),
        failed("ProcessLimitError"),
    ),
    "thread": (("import threading, time\nthreading.Thread(target=time.sleep, args=(300,)).start()",), PASSED),
    "atexit": (("import atexit, time\natexit.register(time.sleep, 300)",), PASSED),
    "setsid": (("import os\nos.setsid()",), failed("PermissionError")),
    "kills_parent": (("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)", "1"), failed("PermissionError")),
    "kills_all": (("import os, signal\nos.kill(-1, 0)",), None),  # type: ignore[dict-item]
    "pool": (
        ("import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, 2]))",),
        PASSED,
    ),
    # Its own process, changed
    "closes_fds": (("import os\nos.closerange(3, 256)", "1"), died(1)),
    "chdir": (("import os\nos.chdir('/')",), PASSED),
    "environment": (("import os\nos.environ.clear()\nos.environ['LEAK'] = '1'",), PASSED),
    "monkeypatch": (
        ("import json, builtins, os\njson.dump = os.read = os.write = os._exit = None\nbuiltins.open = None",),
        PASSED,
    ),
    # An ordinary kernel cannot even answer then: what runs in one of ours must not pass either.
    "monkeypatch_kernel": (("import os\nos.getpid = None", "1"), died()),
    "umask": (("import os\nos.umask(0o777)\nopen('x', 'w').close()",), PASSED),
    "rlimits": (
        (
            "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))",
            "len([open('/dev/null') for _ in range(5)])",
        ),
        PASSED,
    ),
    "memory": (("blocks = []", "while True: blocks.append(bytearray(64 << 20))"), failed("MemoryError", 2)),
    "no_excepthook": (("import sys\nsys.excepthook = sys.displayhook = None", "1"), None),  # type: ignore[dict-item]
    # Files
    "writes_folder": (("open('made.txt', 'w').write('x')\nopen('a.py', 'w').write('spoiled')",), PASSED),
    "deletes_folder": (("import os, shutil\nshutil.rmtree(os.getcwd())",), PASSED),
    "closes_folder": (("import os\nos.mkdir('in')\nopen('in/x', 'w').close()\nos.chmod('in', 0)",), PASSED),
    "links": (("import os\nos.symlink('/', 'root')\nos.symlink('loop', 'loop')\nos.symlink('.', 'here')",), PASSED),
    "strange_names": (("open('na\\u00efve \\u202e\\n.txt', 'w').close()\nopen(b'\\xff\\xfe', 'w').close()",), PASSED),
    "large_file": (("f = open('large', 'wb')\nf.seek(2**31)\nf.write(b'x')\nf.flush()",), failed("OSError")),
    "deletes_connection_file": (
        (
            "import os, sys\nfor one in sys.argv:\n    if one[-5:] == '.json' and os.path.exists(one): os.unlink(one)",
            "1",
        ),
        PASSED,
    ),
    "deletes_home": (
        ("import os, shutil\nshutil.rmtree(os.environ['HOME'])\nshutil.rmtree(os.environ['TMPDIR'])",),
        PASSED,
    ),
    # What it may not see
    "prints_environment": (("import os\nprint(dict(os.environ))", "!env", "%env", "%%bash\nprintenv"), PASSED),
    "reads_environ_files": (
        (
            "import glob\nfor path in glob.glob('/proc/*/environ') + glob.glob('/proc/*/task/*/environ'):\n"
            "    try: print(open(path, 'rb').read())\n    except OSError: pass",
            "!cat /proc/$PPID/environ /proc/1/environ 2>/dev/null | tr '\\0' '\\n'; true",
        ),
        PASSED,
    ),
    "reads_memory": (
        (
            "import os\nseen = 0\nfor pid in filter(str.isdigit, os.listdir('/proc')):\n"
            "    if int(pid) != os.getpid():\n        try: open(f'/proc/{pid}/mem', 'rb').close(); seen += 1\n"
            "        except OSError: pass\nseen",
        ),
        PASSED,
    ),
}
"""`None` stands for any outcome: what counts is that the others go on."""

WITNESS = """
import builtins, json, os, signal
assert os.environ.get("LEAK") is None and os.environ["HOME"]
assert os.path.exists("a.py") and open("a.py").read() == "1" and not os.path.exists("made.txt")
assert json.loads(json.dumps([1])) == [1] and os.getpid() and callable(builtins.open)
assert os.umask(0o22) == UMASK and os.listdir(os.environ["TMPDIR"]) is not None
os.getcwd()
"""
