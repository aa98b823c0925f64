"""Why a process of ours can't run, as one plain sentence that says what to do."""

from app.kernel.words import Language, Words


class CannotRun(Exception):  # noqa: N818 - refusals are named as facts
    """Something that has to run doesn't; `words` says what and what to do, `lines` are its last words."""

    def __init__(self, words: Words, lines: tuple[str, ...] = ()) -> None:
        super().__init__(words.en)
        self.words = words
        self.lines = lines

    def sentence(self, language: Language = "en") -> str:
        """Give the sentence in one language."""
        return self.words.pick(language)


class PortTaken(CannotRun):
    """Another program listens where one of ours should."""

    def __init__(self, port: int, setting: str) -> None:
        super().__init__(
            Words(
                zh=f"端口 {port} 已被其他程序占用：请停止该程序，或用 {setting} 另选端口。",
                en=f"Port {port} is taken by another program: stop that program, or choose another port with {setting}.",
            )
        )


class FolderBroken(CannotRun):
    """Data that a server can't start from."""


class AlreadyRunning(CannotRun):
    """A second start over the same data."""


class ChildDied(CannotRun):
    """A process of the tree ended by itself or was killed."""


class StopAsked(Exception):  # noqa: N818 - a fact, not a failure
    """Ctrl-C or a signal asked the tree to stop while it was still starting."""
