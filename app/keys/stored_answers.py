"""Answers kept for repeated requests, sealed under the master key for their own row, and what the requests are known by."""

from uuid import UUID

from app.keys.fields import blind_index, open_field, seal_field


class SealedAnswers:
    """The kernel's `AnswerCipher`: an answer that was moved to another row doesn't open."""

    def seal(self, row_id: UUID, answer: bytes) -> bytes:
        """Seal an answer for its row."""
        return seal_field("idempotent_answer", "answer", row_id, answer)

    def open(self, row_id: UUID, sealed: bytes) -> bytes:
        """Open what `seal` made for the same row; refuses (`SealBroken`) all else."""
        return open_field("idempotent_answer", "answer", row_id, sealed)

    def fingerprint(self, digest: bytes) -> bytes:
        """Key a request's digest, by the key that outlasts rotation: a repeat is known whenever it comes."""
        return blind_index("request", digest.hex())
