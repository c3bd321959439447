"""The environment of a run: what a kernel needs and folders of its own; nothing secret, nothing of CI."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import site
from collections.abc import Mapping
from pathlib import Path

from catalyst_lessons.files.kernels.lending import Folder

KEEP = "CATALYST_KEEP"
"""The variable that names further variables a notebook may see, separated by commas."""

# A list of what may pass, not of what may not: nobody knows the names of all secrets.
_NAMES = """
PATH LANG LANGUAGE TZ TERM SHELL USER LOGNAME VIRTUAL_ENV CONDA_PREFIX CONDA_DEFAULT_ENV CONDA_EXE
LD_LIBRARY_PATH DYLD_LIBRARY_PATH LD_PRELOAD SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy JUPYTER_PATH
JUPYTER_PREFER_ENV_PATH JAVA_HOME R_HOME R_LIBS R_LIBS_SITE R_LIBS_USER JULIA_DEPOT_PATH JULIA_PROJECT
JULIA_LOAD_PATH GDAL_DATA PROJ_LIB PROJ_DATA CUDA_VISIBLE_DEVICES CUDA_HOME PYTHONPATH PYTHONHASHSEED
PYTHONUTF8 PYTHONIOENCODING PYTHONWARNINGS PYTHONDONTWRITEBYTECODE PYTHONNOUSERSITE PYTHONUSERBASE
PYTHONSAFEPATH PYTHONHOME PYTHONBREAKPOINT SystemRoot SYSTEMROOT windir COMSPEC PATHEXT APPDATA LOCALAPPDATA
PROGRAMDATA USERPROFILE NUMBER_OF_PROCESSORS
"""
ALLOWED = frozenset(_NAMES.split())
PREFIXES = ("LC_",)
# One thread each: with more, kernels side by side spin against one another (measured: up to 15 times the CPU).
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "BLIS_NUM_THREADS",
)
# `https://name:password@proxy`: an address with an account in it is a secret too.
ACCOUNT = re.compile(r"//[^/@\s]*@")
FONTS = "fontlist-"


def environment(scratch: Path) -> dict[str, str]:
    """The variables of a run whose own folders stand in `scratch` (see `own_folders`)."""
    return {**_kept(tuple(os.environ.items())), **_places(scratch)}


@functools.lru_cache(maxsize=8)
def _kept(variables: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """What a run gets of these variables."""
    ours = dict(variables)
    wanted = {name.strip() for name in ours.get(KEEP, "").split(",")} - {""}
    kept = {name: value for name, value in variables if _may_pass(name, value) or name in wanted}
    base = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {}
    threads = {name: ours.get(name, "1") if name in wanted else "1" for name in THREADS}
    return {**base, **kept, **threads}


class OwnFolders(Folder):
    """The folder of a run in which the ones stand that `environment` names."""

    def fill(self) -> None:
        """Makes them.

        Raises:
            OSError: there is no room for them.
        """
        own_folders(self.place)


def own_folders(scratch: Path) -> None:
    """Makes the folders that `environment` names, and gives Matplotlib the list of fonts, which takes it seconds.

    Raises:
        OSError: there is no room for them.
    """
    for name in ("home", "tmp", "ipython", "matplotlib"):
        (scratch / name).mkdir(exist_ok=True)
    for folder in font_folders():
        with contextlib.suppress(OSError):
            for name in os.listdir(folder):
                if name.startswith(FONTS):
                    shutil.copyfile(folder / name, scratch / "matplotlib" / name)


def font_folders() -> tuple[Path, Path]:
    """Where lists of fonts may be: ours, and that of the Matplotlib of the person who runs us, which counts."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "catalyst-lessons" / "matplotlib", cache / "matplotlib"


def _may_pass(name: str, value: str) -> bool:
    return (name in ALLOWED or name.startswith(PREFIXES)) and not ACCOUNT.search(value)


def _places(scratch: Path) -> Mapping[str, str]:
    home, temporary = str(scratch / "home"), str(scratch / "tmp")
    folders = {"HOME": home, "TMPDIR": temporary, "TMP": temporary, "TEMP": temporary}
    return {**folders, "IPYTHONDIR": str(scratch / "ipython"), "MPLCONFIGDIR": str(scratch / "matplotlib")}
