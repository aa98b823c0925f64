"""What the view of facts refuses."""

from app.kernel.errors import NotFound, Unprocessable
from app.kernel.words import Words


class FactNotDeclarable(NotFound):
    """No such kind of fact, or one that a register decides and nobody declares themselves."""

    code = "fact_not_declarable"
    title = Words(
        zh="此项信息不能自行填报；如有误，请向来源部门申请更正。",
        en="This can't be declared by yourself; if it is wrong, ask its source to correct it.",
    )


class FactImpossible(Unprocessable):
    """The value isn't of its kind, or can't be."""

    code = "fact_impossible"
    title = Words(zh="填写的内容不合理，请检查。", en="That value can't be; please check it.")


class FactNotDeclared(NotFound):
    """Nothing of that kind was declared, so there is nothing to take back."""

    code = "fact_not_declared"
    title = Words(zh="没有您填报的此项信息。", en="You have declared nothing of this kind.")
