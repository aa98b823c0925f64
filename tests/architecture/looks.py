"""Every operation of the product, and which act it seals when it shows or touches somebody else's personal data.

A new operation must be listed here, by whoever adds it: with its act, or with the reason why there is none.
"""

from typing import Final

from app.audit.acts import Act

OWN: Final = "shows or touches only what is the caller's own"
OWN_PAGE: Final = "a guardian's own page or list, which also names wards (docs/decisions/0016)"
NOBODY: Final = "shows nobody's personal data"
BEFORE: Final = "nobody is signed in yet; what comes of it is the caller's own"
POINTERS: Final = (
    "numbers, states and times of cases or licences; who they are about is shown by getDeskCase and lookAtLicence"
)
MESSAGE: Final = "shows what a citizen wrote to this very officer, and the act that they ask about"
COUNTS: Final = "shows how many, never who"
PARTIES: Final = "the two sides of a power see each other's names; each step of it is an act in both logs"
STAFF: Final = "shows officers as staff; what is changed about one is an act in their own log"
IDS: Final = "names acts, requests and people by ids, and says nothing of what they hold"
WRITES: Final = "writes about a person, and answers with no data of theirs"

Says = str | Act
"""The act that is sealed, or why there is none."""


def _all(says: Says, *operations: str) -> dict[str, Says]:
    return dict.fromkeys(operations, says)


OPERATIONS: Final[dict[str, Says]] = {
    **_all(NOBODY, "getSigningKeys", "healthLive", "healthReady", "getAuthorities", "askStatus", "stampTime"),
    **_all(NOBODY, "getStatus", "renewTerminalCertificate", "enrolTerminal", "listTerminals"),
    **_all(NOBODY, "inviteTerminal", "closeTerminal"),
    **_all(
        NOBODY,
        "getRevocationList",
        "listStages",
        "getStage",
        "listMatters",
        "getMatter",
        "getMatterForm",
        "describeMatterQuery",
    ),
    **_all(
        NOBODY,
        "getCheckpoint",
        "listCheckpoints",
        "proveConsistency",
        "getLogKey",
        "calculateMatter",
        "describeCalculation",
    ),
    **_all(
        NOBODY,
        "signOnTerminal",
        "closeTerminalDay",
        "getDenyList",
        "prepareCampaign",
        "listCampaigns",
        "getDenyList",
        "getCampaign",
        "approveCampaign",
        "rejectCampaign",
    ),
    **_all(
        NOBODY,
        "listSituations",
        "calculateDeadline",
        "calculateAge",
        "calculatePeriod",
        "checkIdentityNumber",
        "getMatterVersion",
        "listMatterDrafts",
        "listMatterVersions",
        "reviewMatterVersion",
    ),
    **_all(NOBODY, "proposeMatterChange", "publishMatterVersion", "rejectMatterVersion", "withdrawMatterVersion"),
    **_all(COUNTS, "previewAudience"),
    **_all(BEFORE, "sendSignInCode", "confirmSignInCode", "askDeviceChallenge", "signInByDevice", "refreshToken"),
    **_all(BEFORE, "askOfficerChallenge", "signInOfficer"),
    **_all(OWN, "getCard", "openCard", "getPayerCode", "reportCardFound", "reportCardLost", "startTopUp", "getTopUp"),
    **_all(OWN, "previewMerchantPayment", "payMerchant", "certifyOfflineDevice"),
    **_all(
        OWN,
        "listTransactions",
        "getReceipt",
        "getSpending",
        "listStatements",
        "getStatement",
        "getMe",
        "enrolDevice",
        "listDevices",
        "askDeviceEnrolment",
    ),
    **_all(OWN, "removeDevice", "proveRealName", "listSessions", "signOut"),
    **_all(
        OWN, "getDisk", "makeFolder", "listNodes", "changeNode", "trashNode", "getNode", "downloadFile", "listTrash"
    ),
    **_all(OWN, "restoreNode", "announceUpload", "completeUpload", "renewUploadForm"),
    **_all(OWN, "listNotices", "streamNotices", "readNotice", "whyNotice", "sendCaseConfirmation"),
    **_all(OWN_PAGE, "getLife", "getAgenda", "getFamily", "listCases", "listLicences", "listAccessQuestions"),
    **_all(OWN, "putOffAgendaItem", "hideAgendaItem", "showAgendaItem", "finishAgendaItem", "reopenAgendaItem"),
    **_all(OWN, "addAgendaItem", "removeAgendaItem"),
    **_all(OWN, "getAgendaFeed", "makeAgendaFeed", "revokeAgendaFeed", "readAgendaFeed"),
    **_all(OWN, "askCaseApproval", "listApprovals", "askSignInApproval", "getApproval", "approve", "refuseApproval"),
    **_all(OWN, "getMyData"),
    **_all(Act.WARD_LOOKED_AT, "listCorrections", "getCorrection", "withdrawCorrection"),
    "askCorrection": Act.DATA_CORRECTION_ASKED,
    **_all(OWN, "sendDelegationCode", "showCounterCode", "inviteDevice", "getInvitation", "approveInvitation"),
    **_all(OWN, "discardInvitation", "renameDevice", "renewDevice", "endAllSessions", "endSession"),
    **_all(OWN, "bindWeChat", "listWeChat", "unbindWeChat"),
    **_all(OWN, "getErasure", "orderErasure", "cancelErasure", "sendErasureCode", "previewErasure"),
    **_all(OWN, "orderExport", "listExports", "getExport", "downloadExport"),
    **_all(OWN, "getIdentity", "freezeIdentity", "askUnfreezing", "unfreezeIdentity"),
    **_all(BEFORE, "takeInvitationUp", "collectInvitation", "signInByWeChat", "recoverAccount"),
    **_all(NOBODY, "getErasureCertificate"),
    **_all(PARTIES, "listDelegations"),
    **_all(STAFF, "listDepartments", "listOfficers", "appointOfficer", "dismissOfficer", "giveEnrolmentCode"),
    **_all(STAFF, "listGrants", "grantRight", "confirmGrant", "withdrawGrant", "enrolOfficer", "getOfficerMe"),
    **_all(STAFF, "listOfficerSessions", "signOutOfficer", "askCertificateChallenge", "renewOfficerCertificate"),
    **_all(IDS, "listAccessFindings", "listCorrectionsToDecide"),
    **_all(WRITES, "pushDepartmentEvent", "pushLateAnswer", "takeWeChatPayCallback"),
    **_all(POINTERS, "listDesk"),
    **_all(MESSAGE, "listOpenAccessQuestions"),
    **_all(
        Act.WARD_LOOKED_AT,
        "getCase",
        "openCase",
        "changeCase",
        "listCaseEvents",
        "getSigningInput",
        "getCaseProof",
        "getCaseRating",
        "attachMaterial",
        "removeMaterial",
        "getMaterial",
    ),
    **_all(Act.WARD_LOOKED_AT, "getLicence", "getLicencePdf", "listTimeline", "queryMatter", "prefillCalculation"),
    **_all(Act.WARD_LOOKED_AT, "listExchanges", "getExchange", "getExchangeProof"),
    **_all(Act.WARD_LOOKED_AT, "listAccessLog", "proveAccessLog"),
    **_all(Act.WARD_LOOKED_AT, "getConsents"),
    **_all(Act.WARD_LOOKED_AT, "countTimeline", "getTimelineEntry", "addMemory", "changeMemory", "deleteMemory"),
    **_all(Act.WARD_LOOKED_AT, "attachToRecord", "detachFromRecord"),
    "hideRecord": Act.RECORD_HIDDEN,
    "showRecord": Act.RECORD_SHOWN,
    "askRecordCorrection": Act.DATA_CORRECTION_ASKED,
    **_all(Act.WARD_LOOKED_AT, "getFacts", "getFamilyFacts", "declareFact", "listEntitlements", "getEligibility"),
    **_all(WRITES, "takeBackFact"),
    **_all(OWN_PAGE, "listBenefits"),
    **_all(Act.BENEFIT_CHOSEN, "confirmBenefit", "declineBenefit", "reopenBenefit"),
    "chooseConsents": Act.CONSENTS_CHANGED,
    **_all(Act.WARD_LOOKED_AT, "listSubscriptions", "getSubscription"),
    "switchOn": Act.PUSH_SWITCHED_ON,
    "switchOff": Act.PUSH_SWITCHED_OFF,
    "disownAccount": Act.PHONE_GIVEN_UP,
    "offerDelegation": Act.DELEGATION_OFFERED,
    "acceptDelegation": Act.DELEGATION_ACCEPTED,
    "declineDelegation": Act.DELEGATION_DECLINED,
    "revokeDelegation": Act.DELEGATION_ENDED,
    "lookAtPerson": Act.PERSON_LOOKED_AT,
    "askBreakGlass": Act.BREAK_GLASS_ASKED,
    "listBreakGlass": Act.BREAK_GLASS_READ,
    "approveBreakGlass": Act.BREAK_GLASS_APPROVED,
    "refuseBreakGlass": Act.BREAK_GLASS_REFUSED,
    "freezePerson": Act.IDENTITY_FROZEN,
    "unfreezePerson": Act.IDENTITY_UNFROZEN,
    "enrolDeviceAtCounter": Act.DEVICE_ENROLLED,
    "lookAtCorrection": Act.DATA_CORRECTION_LOOKED_AT,
    "decideCorrection": Act.DATA_CORRECTION_DECIDED,
    "submitCase": Act.CASE_SUBMITTED,
    "answerCorrection": Act.CASE_CORRECTED,
    "withdrawCase": Act.CASE_WITHDRAWN,
    "askWhy": Act.ACCESS_ASKED,
    "answerAccessQuestion": Act.ACCESS_ANSWERED,
    **_all(Act.CARD_PAID, "payAtTerminal", "bringInOfflineBatch"),
    **_all(Act.PAYMENT_REVERSED, "reverseUnansweredPayment", "reversePayment"),
    "refundPayment": Act.CARD_REFUNDED,
    "getDeskCase": Act.CASE_LOOKED_AT,
    "getDeskMaterial": Act.MATERIAL_LOOKED_AT,
    "claimCase": Act.CASE_CLAIMED,
    "releaseCase": Act.CASE_RELEASED,
    "acceptCase": Act.CASE_ACCEPTED,
    "declineCase": Act.CASE_DECLINED,
    "requestCorrection": Act.CORRECTION_REQUESTED,
    "reviewCase": Act.CASE_UNDER_REVIEW,
    "suspendCase": Act.CASE_SUSPENDED,
    "resumeCase": Act.CASE_RESUMED,
    "approveCase": Act.CASE_APPROVED,
    "rejectCase": Act.CASE_REJECTED,
    "withdrawCaseAtCounter": Act.CASE_WITHDRAWN,
    "rateCase": Act.CASE_RATED,
    "readRating": Act.RATING_READ,
    "answerRating": Act.RATING_ANSWERED,
    **_all(POINTERS, "listRatings"),
    "noteOnCase": Act.CASE_NOTED,
    "transferCase": Act.CASE_TRANSFERRED,
    "askOpinion": Act.OPINION_ASKED,
    "readOpinion": Act.OPINION_READ,
    "giveOpinion": Act.OPINION_GIVEN,
    "withdrawOpinion": Act.OPINION_WITHDRAWN,
    "proposeDecision": Act.DECISION_PROPOSED,
    "confirmDecision": Act.CASE_REJECTED,
    "sendDecisionBack": Act.DECISION_SENT_BACK,
    "takeBulkStep": Act.CASE_CLAIMED,
    **_all(POINTERS, "listOpinions"),
    **_all(COUNTS, "getDeskSummary", "getDeskThroughput"),
    **_all(STAFF, "listColleagues"),
    **_all(NOBODY, "listSlots"),
    **_all(COUNTS, "listCounterSlots"),
    **_all(Act.WARD_LOOKED_AT, "listAppointments", "getAppointment", "listPurposes"),
    **_all(NOBODY, "listBundleOffers", "getBundleOffer", "listLifeEventOffers"),
    **_all(OWN, "sendBundleConfirmation"),
    **_all(OWN_PAGE, "listBundles"),
    **_all(WRITES, "retryBundleStep"),
    **_all(Act.WARD_LOOKED_AT, "openBundle", "getBundle", "changeBundle", "getBundleSigningInput"),
    **_all(Act.WARD_LOOKED_AT, "listLifeEvents", "getLifeEvent"),
    "declareLifeEvent": Act.LIFE_EVENT_DECLARED,
    "confirmLifeEvent": Act.LIFE_EVENT_CONFIRMED,
    "takeLifeEventBack": Act.LIFE_EVENT_TAKEN_BACK,
    "submitBundle": Act.BUNDLE_SUBMITTED,
    "withdrawBundle": Act.BUNDLE_WITHDRAWN,
    **_all(Act.WARD_LOOKED_AT, "listBills"),
    **_all(OWN, "getBillPayment"),
    "payBill": Act.BILL_PAID,
    "bookAppointment": Act.APPOINTMENT_BOOKED,
    "cancelAppointment": Act.APPOINTMENT_CANCELLED,
    "payAppointment": Act.APPOINTMENT_PAID,
    "checkInVisitor": Act.APPOINTMENT_ATTENDED,
    **_all(COUNTS, "getRatingSummary"),
    **_all(POINTERS, "listLicenceProposals"),
    **_all(Act.WARD_LOOKED_AT, "listPresentations"),
    "presentLicence": Act.LICENCE_PRESENTED,
    "endPresentation": Act.LICENCE_PRESENTATION_ENDED,
    "verify": Act.LICENCE_LINES_CHECKED,
    "lookAtLicence": Act.LICENCE_LOOKED_AT,
    "suspendLicence": Act.LICENCE_SUSPENDED,
    "resumeLicence": Act.LICENCE_RESUMED,
    "proposeLicenceEnd": Act.LICENCE_END_PROPOSED,
    "decideLicenceEnd": Act.LICENCE_ANNULLED,
}


def unlisted(operations: set[str]) -> list[str]:
    """Operations that stand in no list, and listed ones that there aren't."""
    return [
        *(f"{name} isn't listed in tests/architecture/looks.py" for name in sorted(operations - set(OPERATIONS))),
        *(f"{name} is listed, and there is no such operation" for name in sorted(set(OPERATIONS) - operations)),
    ]


def sealing() -> dict[str, Act]:
    """The operations that seal an act, with it."""
    return {name: says for name, says in OPERATIONS.items() if isinstance(says, Act)}
