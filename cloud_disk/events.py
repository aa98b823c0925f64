"""What happens to files."""

from app.kernel.events import Event


class FileArrived(Event, frozen=True, kw_only=True):
    """A file's bytes are said to have come; they are to be checked."""

    kind = "disk.file_arrived"


class FileKept(Event, frozen=True, kw_only=True):
    """A file was checked and is ready."""

    kind = "disk.file_kept"
