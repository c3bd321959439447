"""Cells that notebooks are made of, for the comparison of engines; each stands alone."""

from __future__ import annotations

from .widgets import COMMS, OUTPUT_WIDGETS, WIDGETS

PIECES: dict[str, str] = {
    "html": "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'))",
    "several": "from IPython.display import *\ndisplay(Markdown('*m*'), Latex(r'$x$'), JSON({'a': [1, (2, 3)]}), 3)",
    "svg": "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "image": "from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n0000', format='png')",
    "bundle": (
        "class P:\n"
        "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/plain': 'P', 'text/html': '<i>P</i>'}, {'text/html': {'isolated': True}}\n"
        "P()"
    ),
    "display_id": (
        "from IPython.display import display, update_display\n"
        "h = display('first', display_id='d1')\n"
        "update_display('second', display_id='d1')"
    ),
    "display_id_later": "from IPython.display import display\nh = display('a', display_id=True)\nh.update('b')",
    "update_unknown": "from IPython.display import update_display\nupdate_display('x', display_id='none')",
    "clear": "from IPython.display import clear_output\nfor i in range(3):\n    clear_output()\n    print(i)",
    "clear_wait": (
        "from IPython.display import clear_output\nfor i in range(3):\n    print(i)\n    clear_output(wait=True)"
    ),
    "plain": "print('a'); print('b', end='')",
    "both_streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out 2')",
    "result": "{'b': [1, 2.5, None], 'a': 'x' * 100}",
    "no_result": "1 + 1;",
    "last_result": "_",
    "out": "Out.get(1), In[-1]",
    "unicode": "print('na\xefve \u4e2d \U0001f600')\n'\u202e'",
    "warning": "import warnings\nwarnings.warn('careful')",
    "deprecation": "import warnings\nwarnings.warn('old', DeprecationWarning)",
    "logging": "import logging\nlogging.warning('w'); logging.info('i')",
    "time": "%%time\nx = 1",
    "timeit": "%timeit -n1 -r1 sum(range(10))",
    "capture": "%%capture cap\nprint('hidden')\n1",
    "captured": "cap.stdout if 'cap' in globals() else None",
    "bash": "%%bash\necho out\necho err >&2\necho $0 | wc -l",
    "bash_fails": "%%bash\nexit 3",
    "script": "%%script python3\nprint(1)",
    "shell": "!echo shell; echo err >&2",
    "shell_lines": "lines = !echo a; echo b\nlines",
    "system": "import os\nos.system('echo from system; echo err >&2')\nNone",
    "subprocess": "import subprocess\nprint('before')\nsubprocess.run(['echo', 'child'])\nprint('after')",
    "c_code": "import os\nos.write(1, b'from a descriptor\\n')\nNone",
    "c_errors": "import os\nos.write(2, b'an error\\n')\nos.write(1, b'\\xff\\xfe bytes\\n')\nNone",
    "printf": "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.printf(b'from C %d\\n', 5)\nlibc.fflush(None);",
    "puts": "import ctypes\nprint('before')\nctypes.CDLL(None).puts(b'never flushed')\nprint('after')",
    "c_thread": (
        "import os, threading\n"
        "t = threading.Thread(target=lambda: (print('thread'), os.write(1, b'its descriptor\\n')))\n"
        "t.start(); t.join()"
    ),
    "writefile": "%%writefile made.txt\nhello",
    "reads_made": "import os\nos.path.exists('made.txt') and open('made.txt').read()",
    "run": "open('s.py', 'w').write('v = 41\\nprint(__name__, v)')\n%run s.py\nv",
    "lsmagic": "%precision 3\n1.23456",
    "who": "%who_ls",
    "env": "%env HOME_OF_MINE=1\nimport os\nos.environ['HOME_OF_MINE']",
    "cd": "%cd -q .\nimport os\nos.path.basename(os.getcwd()) != ''",
    "history": "%history",
    "help": "len?",
    "pinfo": "def f(x):\n    'doc of f'\nf?",
    "page": "from IPython.core.page import page\npage('paged')",
    "unknown_magic": "%nosuch",
    "html_magic": "%%html\n<i>x</i>",
    "latex_magic": "%%latex\n$x$",
    "javascript": "%%javascript\nlet x = 1;",
    "await": (
        "import asyncio\nawait asyncio.sleep(0.01)\nawait asyncio.gather(*(asyncio.sleep(0, i) for i in range(3)))"
    ),
    "await_in_function": "import asyncio\nasync def f():\n    return 5\nawait f()",
    "asyncio_run": "import asyncio\nasync def g(): return 1\nasyncio.run(g())",
    "background": (
        "import asyncio\n"
        "async def later():\n"
        "    await asyncio.sleep(0)\n"
        "    print('task')\n"
        "t = asyncio.create_task(later())\n"
        "await t"
    ),
    "thread": "import threading\nt = threading.Thread(target=lambda: print('thread'))\nt.start(); t.join()",
    "pool": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as p: print(list(p.map(abs, [-1, 2])))"
    ),
    "processes": "import multiprocessing as mp\nwith mp.get_context('fork').Pool(1) as p: print(p.map(abs, [-3]))",
    "forked_print": (
        "import os\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    print('child', flush=True)\n"
        "    os._exit(0)\n"
        "assert os.waitpid(pid, 0)[1] == 0"
    ),
    "input": "input('name? ')",
    "getpass": "import getpass\ngetpass.getpass()",
    "error": "1 / 0",
    "error_in_function": "def f(x):\n    return g(x)\ndef g(x):\n    raise ValueError(x)\nf('why')",
    "chained": "try:\n    {}['k']\nexcept KeyError as e:\n    raise RuntimeError('b') from e",
    "syntax": "x = = 1",
    "name": "nosuchname",
    "recursion": "def r(): return r()\nr()",
    "group": "raise ExceptionGroup('g', [ValueError(1), KeyError('k')])",
    "assertion": "assert 1 == 2, 'one is not two'",
    "printed_traceback": (
        "import traceback\n"
        "try:\n"
        "    1 / 0\n"
        "except ZeroDivisionError:\n"
        "    print(traceback.format_exc().splitlines()[-1])"
    ),
    "tb": "%tb",
    "interrupt": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time; time.sleep(1)",
    "raises_interrupt": "raise KeyboardInterrupt",
    "exit": "exit",
    "sys_exit": "import sys\nsys.exit(3)",
    "bad_repr": "class B:\n    def __repr__(self): raise ValueError('no repr')\nB()",
    "bad_html": "class H:\n    def _repr_html_(self): raise ValueError('no html')\nH()",
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('t');",
    "plot_shown": (
        "%matplotlib inline\n"
        "import matplotlib.pyplot as plt\n"
        "fig, ax = plt.subplots()\n"
        "ax.bar([1], [2])\n"
        "plt.show()\n"
        "print('after')"
    ),
    "figure": "from matplotlib.figure import Figure\nfig = Figure()\nfig.subplots().plot([1])\nfig",
    "svg_figures": "%config InlineBackend.figure_formats = ['svg']\nimport matplotlib.pyplot as plt\nplt.plot([1]);",
    "backend": "import matplotlib\nmatplotlib.get_backend()",
    "numpy": "import numpy as np\nnp.arange(6).reshape(2, 3) / 3",
    "numpy_warning": "import numpy as np\nnp.array([1.0]) / 0",
    "pandas": "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
    "pandas_describe": "import pandas as pd\npd.Series([1, 2, 3]).describe()",
    "seeded": "import random\nrandom.seed(1)\nrandom.random()",
    "shell_class": (
        "get_ipython().__class__.__name__, get_ipython().__class__.__module__, type(get_ipython().kernel).__name__"
    ),
    "config": "'IPKernelApp' in get_ipython().config, type(get_ipython().parent).__name__",
    "streams": "import sys\ntype(sys.stdout), sys.stdout.isatty(), sys.stdout.encoding, sys.stdin.isatty()",
    "path": (
        "import sys, os\n"
        "[os.path.basename(p) for p in sys.path], sys.argv[0].endswith('ipykernel_launcher.py'), sys.argv[1]"
    ),
    "main": (
        "__name__, __import__('sys').modules['__main__'].__dict__ is globals(), sorted(k for k in "
        "globals() if k[:2] == '__')"
    ),
    "loop": "import asyncio\ntype(asyncio.get_running_loop()).__name__, asyncio.get_running_loop().is_running()",
    "signals": (
        "import signal\n"
        "[signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, "
        "signal.SIGHUP, signal.SIGCHLD)]"
    ),
    "limits": (
        "import resource\n"
        "[resource.getrlimit(r) for r in (resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)]"
    ),
    "variables": "import os\nsorted(n for n in os.environ if n != '_')",
    "umask": (
        "import os\nm = os.umask(0)\nos.umask(m)\noct(m), os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid()"
    ),
    "displayhook": "import sys\nsys.displayhook(5)\ntype(sys.displayhook).__name__",
    "builtins": (
        "sorted(set(dir(__builtins__)) - {'_', '__builtins__'})[-8:], callable(display), callable(get_ipython)"
    ),
    "pickled": "import pickle\nclass K: pass\ntype(pickle.loads(pickle.dumps(K()))).__name__",
    "inspected": "import inspect\ndef h():\n    return 1\ninspect.getsource(h)",
    "doctest": "import doctest\ndef d():\n    '''\n    >>> d()\n    4\n    '''\n    return 4\ndoctest.testmod()",
    "unittest": (
        "import unittest\n"
        "class T(unittest.TestCase):\n"
        "    def test(self): self.assertEqual(1, 1)\n"
        "unittest.main(argv=['x'], exit=False).result.wasSuccessful()"
    ),
    "prints_much": "for i in range(3000): print('line', i)",
    "atexit": "import atexit\natexit.register(print, 'never seen')",
    "magic_function": (
        "from IPython.core.magic import register_line_magic\n"
        "@register_line_magic\n"
        "def mine(line): return line.upper()\n"
        "%mine x"
    ),
    "extension": "%load_ext autoreload\n%autoreload 2",
    "system_exit_code": "!exit 3\n_exit_code",
    "empty": "# nothing",
    "semicolon": "5;",
    "walrus": "(y := 5)",
    "prompt": "get_ipython().execution_count",
    "raw_display": (
        "display({'text/plain': 'p', 'application/x-own': 'a', 'application/x.own+json': {'a': (1, 2)}}, raw=True)"
    ),
    "publish": (
        "from IPython.display import publish_display_data\npublish_display_data({'text/plain': 'p'}, metadata={'m': 1})"
    ),
    "json": "from IPython.display import JSON\nd = {'a': 1}\ndisplay(JSON(d))\nd['a'] = 2",
    "raw_changed": "d = {'text/plain': 'a'}\ndisplay(d, raw=True)\nd['text/plain'] = 'b'",
    "json_like": (
        "import datetime, numpy as np\n"
        "values = [b'abc', {1}, iter([1]), np.int64(3), datetime.datetime(2020, 1, 1), 10**40]\n"
        "display({'application/json': values, 'image/png': b'abc'}, raw=True)"
    ),
    "json_keys": "display({'application/json': {1: 2, None: 3, (1, 2): 4}}, raw=True)",
    "json_not_a_number": "display({'application/json': [float('nan'), float('inf')]}, raw=True)",
    "json_refused": (
        "try:\n    display({'application/json': object}, raw=True)\nexcept ValueError as e:\n    print(e)"
    ),
    "no_json": "display({'application/json': {'a': object}}, raw=True)",
    "no_json_metadata": "display('x', metadata={'text/plain': object})",
    "no_json_result": "class J:\n    def _repr_json_(self): return {'a': len}\nJ()",
    "no_text": "from IPython.display import HTML\nHTML('\\ud800')",
    "no_text_error": "raise ValueError('\\ud800')",
    "progress": "import sys\nfor i in range(3):\n    sys.stdout.write(f'\\r{i}')\n    sys.stdout.flush()",
    "register_post": "get_ipython().events.register('post_run_cell', lambda r: print('after cell'))",
    "psutil": "import psutil\npsutil.Process().name() != ''",
    **WIDGETS,
    **COMMS,
    **OUTPUT_WIDGETS,
}
ALLOWED_ERRORS = frozenset(
    {"assertion", "bash_fails", "chained", "error", "error_in_function", "group", "input", "name", "recursion", "tb"}
)
"""Pieces that are also tried with the tag `raises-exception`."""
FATAL = ALLOWED_ERRORS | frozenset(
    {
        "asyncio_run",
        "bad_html",
        "bad_repr",
        "comm_of_no_json",
        "exit",
        "getpass",
        "interrupt",
        "no_json",
        "no_json_metadata",
        "no_json_result",
        "no_text",
        "no_text_error",
        "observer_fails",
        "raises_interrupt",
        "syntax",
        "sys_exit",
        "unknown_magic",
    }
)
"""Pieces that end a notebook, without the tag."""
FEATURES: dict[str, tuple[str, ...]] = {
    "rich display": ("html", "several", "svg", "image", "bundle", "display_id", "clear_wait", "json", "pandas"),
    "magics": ("time", "capture", "writefile", "run", "who", "html_magic", "magic_function", "extension"),
    "%%bash": ("bash", "script", "bash_fails"),
    "!": ("shell", "shell_lines", "system_exit_code"),
    "top-level await": ("await", "await_in_function", "background"),
    "matplotlib": ("plot", "plot_shown", "figure", "svg_figures"),
    "widgets": tuple(name for name in WIDGETS),
    "comms": tuple(name for name in COMMS),
    "warnings": ("warning", "deprecation", "numpy_warning", "logging"),
    "threads that print": ("thread", "pool", "c_thread"),
    "processes that print": ("subprocess", "system", "processes", "forked_print"),
    "C code that prints": ("c_code", "c_errors", "printf", "puts"),
    "interrupts": ("interrupt", "raises_interrupt"),
    "errors": ("error_in_function", "chained", "name", "assertion", "syntax", "no_json"),
}
"""What notebooks mix, by what it is."""
GIVEN_UP: dict[str, tuple[str, ...]] = {"input()": ("input", "getpass"), "Output widgets": tuple(OUTPUT_WIDGETS)}
"""What the fast path does not even try, or gives up: other steps have the word."""
