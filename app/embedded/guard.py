"""The guard: a tiny shell that stops the children when their parent was killed and couldn't.

It holds the reading end of a pipe. However the parent ends, the pipe closes, and the guard stops what it was told to
watch: newest first, each with its own signal, and after ten seconds by force. One mechanism for Linux and macOS; no
child needs to know of it.
"""

import subprocess
from typing import Final

_SHELL: Final = """
watched=""
while read -r verb pid signal; do
  case "$verb" in
    watch) watched="$pid:$signal $watched" ;;
    forget)
      kept=""
      for one in $watched; do [ "${one%%:*}" = "$pid" ] || kept="$kept $one"; done
      watched="$kept" ;;
  esac
done
for one in $watched; do kill -s "${one#*:}" "${one%%:*}" 2>/dev/null; done
for second in 1 2 3 4 5 6 7 8 9 10; do
  alive=""
  for one in $watched; do kill -s 0 "${one%%:*}" 2>/dev/null && alive=yes; done
  [ -n "$alive" ] || break
  sleep 1
done
for one in $watched; do kill -s KILL -- "-${one%%:*}" 2>/dev/null; done
"""


class Guard:
    """Stops the watched process groups once this process is gone, however it went.

    `keep_open` are files that stay open until then: a lock among them is held until the last child is gone.
    """

    def __init__(self, keep_open: tuple[int, ...] = ()) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SHELL, "fuhai-guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
            start_new_session=True,
            pass_fds=keep_open,
        )

    @property
    def pid(self) -> int:
        """The guard's own process id."""
        return self._shell.pid

    def watch(self, pid: int, signal_name: str) -> None:
        """Stop that process group with the signal (`INT`, `TERM`, …) when this process is gone."""
        self._tell(f"watch {pid} {signal_name}")

    def forget(self, pid: int) -> None:
        """The process has ended; its number may soon belong to somebody else."""
        self._tell(f"forget {pid}")

    def close(self) -> None:
        """End the guard; what it still watches is stopped first."""
        if self._shell.stdin is not None:
            self._shell.stdin.close()
        self._shell.wait()

    def _tell(self, line: str) -> None:
        if self._shell.stdin is None or self._shell.poll() is not None:
            return
        try:
            self._shell.stdin.write(f"{line}\n")
        except BrokenPipeError:
            return
