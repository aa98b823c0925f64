"""What questions of calculators ask for in the same way: amounts, months, divisions."""

from typing import Annotated

from msgspec import Meta

Fen = Annotated[int, Meta(ge=0, le=10**12, description="Fen.")]
Months = Annotated[int, Meta(ge=0, le=720)]
Division = Annotated[str, Meta(pattern=r"\A3706[0-9]{2}\Z", description="A division of Yantai (GB/T 2260).")]
