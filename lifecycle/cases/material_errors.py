"""What is refused of materials."""

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.kernel.words import Words


class MaterialNotFound(NotFound):
    """The form asks for no such material, or none is attached."""

    code = "material_not_found"
    title = Words(zh="未找到该项材料。", en="There's no such material here.")


class MaterialSourceUnclear(Unprocessable):
    """A material is one thing: a file of the disk, or a licence."""

    code = "material_source_unclear"
    title = Words(zh="请选择一个云盘文件或一份证照。", en="Choose one file of the disk, or one licence.")


class MaterialOfAnother(Forbidden):
    """The licence is neither the citizen's nor of the person whom the case concerns."""

    code = "material_of_another"
    title = Words(zh="该证照属于他人，不能用于本次申请。", en="This licence is somebody else's; it can't be used here.")


class MaterialTypeWrong(Unprocessable):
    """The bytes are of another type than what is taken, whatever the file is called; `types` lists what is."""

    code = "material_type_wrong"
    title = Words(zh="文件内容不是所要求的类型。", en="The file isn't of a type that is taken here.")


class MaterialTooLarge(Unprocessable):
    """More bytes than are taken; `most_bytes` says how many."""

    code = "material_too_large"
    title = Words(zh="文件超过该项材料的大小上限。", en="The file is larger than this material may be.")


class MaterialInfected(Unprocessable):
    """The virus scanner found something in the file; `found` names it."""

    code = "material_infected"
    title = Words(
        zh="文件未通过病毒检查，不能提交。", en="Something harmful was found in the file; it can't be handed in."
    )


class LicenceNotInForce(Conflict):
    """The licence expired, or was revoked, annulled or suspended; `state` says which."""

    code = "licence_not_in_force"
    title = Words(zh="该证照已失效，不能使用。", en="This licence isn't valid any more.")


class MaterialBroken(Conflict):
    """The stored bytes aren't those that were attached."""

    code = "material_broken"
    title = Words(
        zh="材料内容与提交时不一致，无法显示。",
        en="The stored bytes aren't those that were attached; they aren't shown.",
    )
