"""By which document somebody is known: the identity card's number, or a travel document's where there is none."""

from app.kernel.identity_documents import ID_CARD, Document
from app.residents.directory import IdentifierKind
from app.residents.structs import Person, Resident


def document_of(person: Person | Resident) -> Document | None:
    """The document that names somebody, if any is known."""
    if person.id_number is not None:
        return Document(ID_CARD, person.id_number)
    if person.document_type is None or person.document_number is None:
        return None
    return Document(person.document_type, person.document_number)


def identifier_of(document: Document) -> tuple[IdentifierKind, str]:
    """As what a document is looked up: numbers of different kinds of documents never meet."""
    return ("id_number" if document.type == ID_CARD else document.type), document.number
