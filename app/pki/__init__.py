"""Certificates: our authorities, enrolment, revocation, time-stamps, sealed documents, and checking what is shown.

Others use `enrolment` (issue, revoke), `verification` (verify_certificate), `documents` (signed_document), `seals`
(seal_bytes), `evidence` (gather, prove), `verifiers` (register one), `setup` (prepare) and `operating` (`fuhai pki`). The rest is
inside.
"""
