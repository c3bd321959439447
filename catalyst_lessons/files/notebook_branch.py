"""The notebook branch: commits are added to it with git's plumbing; the work tree and the index stay as they are."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.publishing import Entry
from catalyst_lessons.core.launching.repositories import without_credentials

REMOTE = "origin"
LOCAL_SECONDS = 60.0
REMOTE_SECONDS = 300.0
# Set inside a git hook, where they would make git answer for another folder than the one we ask about.
HOOK_VARIABLES = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"})
NO_COMMIT = "0" * 40
"""What git calls the commit of a branch that does not exist yet."""
IDENTITY_HINT = 'type `git config user.name "Your Name"` and `git config user.email you@example.org`'
REWRITTEN_HINT = "publish again; if that does not help, see H413 in docs/findings.md; never force it"


@dataclass(frozen=True, slots=True)
class Tips:
    """The commits a branch stands at, "" where there is none.

    `here` is that of this clone, `there` that of the remote as last seen; `recorded` are those we published before.
    """

    here: str = ""
    there: str = ""
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotebookBranch:
    """One branch in the repository around a folder."""

    root: Path
    name: str
    environ: Mapping[str, str]

    @property
    def ref(self) -> str:
        """Its full name."""
        return f"refs/heads/{self.name}"

    @property
    def tracking(self) -> str:
        """Where git keeps what it last saw of it at the remote."""
        return f"refs/remotes/{REMOTE}/{self.name}"

    @property
    def record(self) -> str:
        """Our own mark at the last commit we published, by which a rewritten branch is known."""
        return f"refs/catalyst/{self.name}"

    @property
    def fetched_record(self) -> str:
        """What we last saw of the remote's mark."""
        return f"refs/catalyst-{REMOTE}/{self.name}"

    def git(self, *arguments: str, stdin: bytes = b"", seconds: float = LOCAL_SECONDS, **environ: str) -> str:
        """What git prints.

        Raises:
            UsageError: there is no git, or it says no; the message is git's own.
        """
        answer = self._ask(arguments, stdin, seconds, environ)
        if answer.returncode:
            raise UsageError(f"git {arguments[0]}: {without_credentials(_reason(answer.stderr)) or 'failed'}")
        # Paths need not be UTF-8, and those of others have to go back as they came.
        return answer.stdout.decode(errors="surrogateescape").rstrip("\n")

    def says(self, *arguments: str, seconds: float = LOCAL_SECONDS) -> str:
        """What git prints, "" if it says no."""
        answer = self._ask(arguments, b"", seconds, {})
        return answer.stdout.decode(errors="replace").strip() if answer.returncode == 0 else ""

    def _ask(
        self, arguments: tuple[str, ...], stdin: bytes, seconds: float, environ: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        program = shutil.which("git", path=self.environ.get("PATH"))
        if program is None:
            raise UsageError("git is not installed", hint="install git from https://git-scm.com")
        kept = {name: value for name, value in self.environ.items() if name not in HOOK_VARIABLES}
        try:
            return subprocess.run(
                [program, "-C", str(self.root), *arguments],
                env={**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **environ},
                input=stdin,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UsageError(f"git {arguments[0]} took longer than {seconds:.0f} seconds") from None

    @property
    def in_repository(self) -> bool:
        """Whether there is git, and a repository around the folder.

        Raises:
            UsageError: there is one, and git does not trust it.
        """
        if not shutil.which("git", path=self.environ.get("PATH")):
            return False
        answer = self._ask(("rev-parse", "--git-dir"), b"", LOCAL_SECONDS, {})
        if b"dubious ownership" in answer.stderr:
            hint = f'if you trust what is in it, type `git config --global --add safe.directory "{self.root}"`'
            raise UsageError(f"git does not trust the repository around {self.root}: somebody else owns it", hint=hint)
        return answer.returncode == 0

    @property
    def has_remote(self) -> bool:
        """Whether there is a remote to publish to."""
        return bool(self.says("remote", "get-url", REMOTE))

    def commit_at(self, ref: str) -> str:
        """The commit a name stands for, "" if there is none."""
        return self.says("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")

    def tips(self) -> Tips:
        """Where the branch stands; the network is not asked."""
        recorded = (self.commit_at(ref) for ref in (self.record, self.fetched_record))
        known = tuple(dict.fromkeys(commit for commit in recorded if commit))
        return Tips(self.commit_at(self.ref), self.commit_at(self.tracking), known)

    def contains(self, tip: str, commit: str) -> bool:
        """Whether a commit is the tip or in its history."""
        if tip == commit:
            return True
        return self._ask(("merge-base", "--is-ancestor", commit, tip), b"", LOCAL_SECONDS, {}).returncode == 0

    def fetch(self) -> str:
        """Looks at the remote and returns the commit the branch stood at there before; its new one is in `tips()`.

        Raises:
            UsageError: the remote cannot be reached.
        """
        before = self.commit_at(self.tracking)
        listed = self.git("ls-remote", REMOTE, self.ref, self.record, seconds=REMOTE_SECONDS)
        there = {line.partition("\t")[2] for line in listed.splitlines()}
        wanted = ((self.ref, self.tracking), (self.record, self.fetched_record))
        # What the remote no longer has must not be believed.
        for gone in (kept for source, kept in wanted if source not in there and self.commit_at(kept)):
            self.git("update-ref", "-d", gone)
        lines = [f"+{source}:{kept}" for source, kept in wanted if source in there]
        if lines:
            # A clone of depth 1 would otherwise get the branch without its history.
            deepen = ("--unshallow",) if before and self._is_cut(before) else ()
            self.git("fetch", "--quiet", "--no-tags", *deepen, REMOTE, *lines, seconds=REMOTE_SECONDS)
        return before

    def _is_cut(self, commit: str) -> bool:
        """Whether the history of a commit is not here because the clone is shallow."""
        shallow = Path(self.git("rev-parse", "--path-format=absolute", "--git-path", "shallow"))
        cut = shallow.read_text().split() if shallow.is_file() else []
        return bool(set(cut) & set(self.says("rev-list", commit).split()))

    def files(self, commit: str) -> dict[str, Entry]:
        """Every file of a commit by path; none for ""."""
        found = {}
        for line in self.git("ls-tree", "-r", "-z", "--full-tree", commit).split("\0") if commit else ():
            if line:
                about, _, path = line.partition("\t")
                mode, _, blob = about.split(" ")
                found[path] = Entry(mode, blob)
        return found

    def text(self, commit: str, path: str) -> str:
        """The text of a file of a commit, "" if it is not there."""
        return self.says("show", f"{commit}:{path}") if commit else ""

    def store(self, contents: Mapping[str, bytes], kept: Mapping[str, Entry]) -> str:
        """The name of the tree with these contents and the entries that stay; no commit and no branch has it yet."""
        with tempfile.TemporaryDirectory(prefix="catalyst-") as folder:
            for number, content in enumerate(contents.values()):
                Path(folder, str(number)).write_bytes(content)
            names = "".join(f"{Path(folder, str(number))}\n" for number in range(len(contents)))
            # Without filters: `core.autocrlf` would make other bytes of the same notebooks on some computers.
            blobs = self.git("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=names.encode()).split()
            entries = {**kept, **{path: Entry("100644", blob) for path, blob in zip(contents, blobs, strict=True)}}
            listed = "".join(f"{entry.mode} {entry.blob}\t{path}\0" for path, entry in sorted(entries.items()))
            index = str(Path(folder, "index"))
            self.git(
                "update-index",
                "-z",
                "--index-info",
                stdin=listed.encode(errors="surrogateescape"),
                GIT_INDEX_FILE=index,
            )
            return self.git("write-tree", GIT_INDEX_FILE=index)

    def tree_of(self, commit: str) -> str:
        """The name of a commit's tree, "" for no commit."""
        return self.says("rev-parse", f"{commit}^{{tree}}") if commit else ""

    def changes(self, commit: str, tree: str) -> tuple[str, ...]:
        """The paths that differ between a commit ("" for none) and a tree."""
        base = self.tree_of(commit) or self.git("hash-object", "-t", "tree", "-w", "--stdin")
        listed = self.git("diff-tree", "-r", "-z", "--no-renames", "--name-only", base, tree)
        return tuple(path for path in listed.split("\0") if path)

    def append(self, tree: str, parents: tuple[str, ...], message: str) -> str:
        """The new commit at the tip of the branch; nothing but the branch and our mark has moved.

        Raises:
            UsageError: git does not know who commits, or the branch is checked out or has moved meanwhile.
        """
        self.check_free()
        after = [part for parent in parents for part in ("-p", parent)]
        if not self.says("var", "GIT_COMMITTER_IDENT"):
            raise UsageError("git does not know who you are", hint=IDENTITY_HINT)
        commit = self.git("commit-tree", tree, *after, "-F", "-", stdin=message.encode())
        self.move(commit)
        return commit

    def move(self, commit: str) -> None:
        """Puts the branch on a commit that has its present one in its history.

        Raises:
            UsageError: it is checked out, or stands elsewhere than a moment ago.
        """
        self.check_free()
        here = self.commit_at(self.ref)
        if here and not self.contains(commit, here):
            raise UsageError(f'the branch "{self.name}" has commits that this would drop', hint=REWRITTEN_HINT)
        self.git("update-ref", "-m", "catalyst notebooks publish", self.ref, commit, here or NO_COMMIT)
        self.git("update-ref", self.record, commit)

    def check_free(self) -> None:
        """Nothing, if no work tree has the branch checked out.

        Raises:
            UsageError: one has; its files would differ from the branch from now on.
        """
        place = ""
        for line in self.git("worktree", "list", "--porcelain").splitlines():
            place = line.removeprefix("worktree ") if line.startswith("worktree ") else place
            if line == f"branch {self.ref}":
                hint = "go back to the branch of the sources there, as in `git switch main`, or set another `branch`"
                raise UsageError(f'the branch "{self.name}" is checked out in {place}', hint=hint)

    def push(self, commit: str) -> None:
        """Brings the branch to the remote, never by force, and our mark with it where the remote takes it.

        Raises:
            UsageError: the remote has other commits, or cannot be reached.
        """
        answer = self._ask(("push", "--porcelain", REMOTE, f"{commit}:{self.ref}"), b"", REMOTE_SECONDS, {})
        said = f"{answer.stdout.decode(errors='replace')}\n{answer.stderr.decode(errors='replace')}"
        if answer.returncode and ("non-fast-forward" in said or "fetch first" in said):
            message = f'the remote has commits on "{self.name}" that are not in this one'
            raise UsageError(message, hint=REWRITTEN_HINT, code="H413")
        if answer.returncode:
            raise UsageError(f"git push: {_reason(answer.stderr)}", hint="see whether you may push to this repository")
        self.says("update-ref", self.tracking, commit)
        if self.says("push", "--porcelain", REMOTE, f"{commit}:{self.record}", seconds=REMOTE_SECONDS):
            self.says("update-ref", self.fetched_record, commit)


def _reason(stderr: bytes) -> str:
    """Why git said no, on one line: what it and ssh give as the reason, without advice; else the last line."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    reasons = [line for line in lines if line.partition(":")[0].lower() in ("fatal", "error", "ssh", "remote: error")]
    return without_credentials("; ".join(line.removeprefix("fatal: ") for line in reasons or lines[-1:]))
