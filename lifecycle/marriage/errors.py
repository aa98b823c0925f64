"""What this stage refuses."""

from app.kernel.errors import Conflict
from app.kernel.words import Words


class RelatedTooClosely(Conflict):
    """The portal knows the two as kin who may not marry (民法典 art. 1048); `kinship` says how. Only the officer is told."""

    code = "related_too_closely"
    title = Words(
        zh="双方为直系血亲或三代以内旁系血亲，不予结婚登记。", en="The two are kin who may not marry each other."
    )
