"""A look into the camera: evidence that whoever asks is the holder of a document, as the police say."""

from app.identity import limits
from app.identity.errors import FaceMismatch
from app.identity.real_name import asking_about, said_document
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.identity_documents import Document
from app.residents.people import resident
from integrations.departments.police import Police


async def refuse_unless_face(citizen: Citizen, face_token: str, police: Police, purpose: str) -> None:
    """Refuse (`FaceMismatch`) unless the police say that the face is the citizen's; ten tries an hour (`TriedTooOften`)."""
    async with transaction(citizen):
        known = await resident(citizen.id)
    await refuse_unless_face_of(citizen, said_document(known), face_token, police, purpose)


async def refuse_unless_face_of(
    citizen: Citizen, document: Document, face_token: str, police: Police, purpose: str
) -> None:
    """Refuse (`FaceMismatch`) unless the face is that of a document's holder; ten tries an hour (`TriedTooOften`)."""
    async with limits.asking(limits.FACE_TRIES, str(citizen.id)):
        said = await police.verify_face(asking_about(citizen.id, purpose), document, face_token)
    if not said.body.match:
        raise FaceMismatch
    await limits.forget(limits.FACE_TRIES, str(citizen.id))
