"""In whose name this room works when nobody in particular acts."""

from typing import Final

from app.kernel.actors import System

SYSTEM: Final = System("settlement")
