"""Certificates: our authorities, enrolment, revocation, time-stamps, sealed documents, and checking what is shown.

Others use `enrolment` (issue, revoke), `verification` (verify_certificate), `documents` (signed_document), `seals`
(seal_bytes), `verifiers` (register one), and `setup` (prepare, issue_department). The rest is inside.
"""
