"""Catalogue files made for a test."""

from pathlib import Path

_STAGES = """
[[stage]]
slug = "birth"
code = "01"
order = 1
name = { zh = "出生", en = "Birth" }
text = { zh = "开始", en = "The beginning" }
"""
_DEPARTMENTS = """
[[department]]
code = "GAJ"
name = { zh = "市公安局", en = "Police" }
"""
_EVENTS = """
[[life_event]]
code = "E_CHILD_BORN"
name = { zh = "孩子出生", en = "A child is born" }
"""
_TEXTS = ("name", "summary", "what", "who", "cost", "result", "afterwards", "counter")


def a_matter(**changes: str) -> str:
    """One `[[matter]]` table; a change of a field is TOML, and an empty one leaves the field out."""
    fields = {"code": '"some_matter"', "kinds": '["apply"]', "department": '"GAJ"', "level": "2"}
    fields |= {name: f'{{ zh = "{name}的文字", en = "text of {name}" }}' for name in _TEXTS} | changes
    return "[[matter]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items() if value)


def a_lifecycle(folder: Path, *matters: str, stage: str = "birth") -> Path:
    """A folder with one stage, one department, one life event, and the given matters."""
    for name, text in {
        "stages.toml": _STAGES,
        "catalogue/departments.toml": _DEPARTMENTS,
        "catalogue/life_events.toml": _EVENTS,
        f"{stage}/matters.toml": "\n".join(matters),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder
