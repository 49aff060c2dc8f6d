"""The coded lists. Codes are stored and stable; labels are words for the screen and are translated there.

Sources: HUD HMIS FY2026 data standards (numbers kept as codes), HSDS 3.0, domain.md 2.3-2.5, 3.4, 7.3, 7.4, app. A.
Every list that asks about a person ends with HUD's three ways of not knowing.
"""

from crisisdesk.i18n import N_
from crisisdesk.records.choice import DOES_NOT_KNOW as _DOES_NOT_KNOW
from crisisdesk.records.choice import NOT_ASKED as _NOT_ASKED
from crisisdesk.records.choice import PREFERS_NOT as _PREFERS_NOT
from crisisdesk.records.choice import Choice

# People -----------------------------------------------------------------------------------------------------------


class NameQuality(Choice):
    """How much of the name is known (HUD 3.01.5)."""

    FULL = "1", N_("Full name")
    PARTIAL = "2", N_("Partial, street or code name")
    DOES_NOT_KNOW = _DOES_NOT_KNOW
    PREFERS_NOT = _PREFERS_NOT
    NOT_ASKED = _NOT_ASKED


class BirthQuality(Choice):
    """How sure the date of birth is (HUD 3.03.2)."""

    FULL = "1", N_("Full date")
    APPROXIMATE = "2", N_("Approximate or partial")
    DOES_NOT_KNOW = _DOES_NOT_KNOW
    PREFERS_NOT = _PREFERS_NOT
    NOT_ASKED = _NOT_ASKED


class Sex(Choice):
    """Sex as HUD codes it (4.21, FY2026); gender and pronouns are free text beside it."""

    FEMALE = "0", N_("Female")
    MALE = "1", N_("Male")
    DOES_NOT_KNOW = _DOES_NOT_KNOW
    PREFERS_NOT = _PREFERS_NOT
    NOT_ASKED = _NOT_ASKED


class Race(Choice):
    """Race and ethnicity, as many as apply (HUD 3.04)."""

    AMERICAN_INDIAN = "1", N_("American Indian, Alaska Native, or Indigenous")
    ASIAN = "2", N_("Asian or Asian American")
    BLACK = "3", N_("Black, African American, or African")
    PACIFIC_ISLANDER = "4", N_("Native Hawaiian or Pacific Islander")
    WHITE = "5", N_("White")
    HISPANIC = "6", N_("Hispanic/Latina/o")
    MIDDLE_EASTERN = "7", N_("Middle Eastern or North African")
    DOES_NOT_KNOW = _DOES_NOT_KNOW
    PREFERS_NOT = _PREFERS_NOT
    NOT_ASKED = _NOT_ASKED


class YesNo(Choice):
    """Yes, no, or why not known (HUD 1.8)."""

    NO = "0", N_("No")
    YES = "1", N_("Yes")
    DOES_NOT_KNOW = _DOES_NOT_KNOW
    PREFERS_NOT = _PREFERS_NOT
    NOT_ASKED = _NOT_ASKED


class LivingSituation(Choice):
    """Where the client stays now (HUD 4.12)."""

    PLACE_NOT_MEANT = "116", N_("Place not meant for living (street, car, tent)")
    EMERGENCY_SHELTER = "101", N_("Emergency shelter or hotel voucher")
    SAFE_HAVEN = "118", N_("Safe haven")
    PSYCHIATRIC_HOSPITAL = "204", N_("Psychiatric hospital")
    SUBSTANCE_FACILITY = "205", N_("Substance use facility or detox")
    HOSPITAL = "206", N_("Hospital")
    JAIL = "207", N_("Jail, prison or juvenile facility")
    FOSTER = "215", N_("Foster care")
    LONG_TERM_CARE = "225", N_("Long-term care or nursing home")
    TRANSITIONAL = "302", N_("Transitional housing")
    HOTEL = "314", N_("Hotel or motel, self-paid")
    HALFWAY = "329", N_("Halfway house")
    HOST_HOME = "332", N_("Host home")
    FAMILY = "335", N_("Family member’s place")
    FRIEND = "336", N_("Friend’s place")
    RENTAL = "410", N_("Rental, no subsidy")
    RENTAL_SUBSIDY = "435", N_("Rental with subsidy")
    OWNED = "411", N_("Owned, no subsidy")
    OWNED_SUBSIDY = "421", N_("Owned with subsidy")
    OTHER = "17", N_("Other")
    UNDETERMINED = "37", N_("Worker unable to determine")
    DOES_NOT_KNOW = _DOES_NOT_KNOW
    PREFERS_NOT = _PREFERS_NOT
    NOT_ASKED = _NOT_ASKED


class SubstanceUse(Choice):
    """Substance use disorder (HUD 4.10)."""

    NO = "0", N_("No")
    ALCOHOL = "1", N_("Alcohol")
    DRUG = "2", N_("Drug")
    BOTH = "3", N_("Alcohol and drug")
    DOES_NOT_KNOW = _DOES_NOT_KNOW
    PREFERS_NOT = _PREFERS_NOT
    NOT_ASKED = _NOT_ASKED


class ClientStatus(Choice):
    """Where the work with a client stands."""

    ACTIVE = "active", N_("Open, active")
    MONITORING = "monitoring", N_("Open, monitoring")
    CLOSED = "closed", N_("Closed")


class Tier(Choice):
    """How much work a client is expected to need."""

    ONE_TIME = "one_time", N_("One time")
    BRIEF = "brief", N_("Brief")
    INTENSIVE = "intensive", N_("Intensive")


class CloseReason(Choice):
    """Why a client's file was closed."""

    GOALS_MET = "goals_met", N_("Goals met")
    CONNECTED = "connected", N_("Connected to a provider")
    MOVED = "moved", N_("Moved away")
    INCARCERATED = "incarcerated", N_("Incarcerated")
    DECEASED = "deceased", N_("Deceased")
    DECLINED = "declined", N_("Declined")
    NOT_LOCATED = "not_located", N_("Unable to locate")
    TRANSFERRED = "transferred", N_("Transferred")
    DUPLICATE = "duplicate", N_("Duplicate")


class PhoneType(Choice):
    """What kind of number it is (HSDS 3.0 phone.type, cell shown as mobile)."""

    CELL = "cell", N_("mobile")
    VOICE = "voice", N_("phone")
    HOME = "home", N_("home")
    WORK = "work", N_("work")
    FAX = "fax", N_("fax")
    TEXT = "text", N_("text")
    VIDEO = "video", N_("video")
    PAGER = "pager", N_("pager")
    TEXTPHONE = "textphone", N_("TTY")
    HOTLINE = "hotline", N_("hotline")
    INTAKE = "intake", N_("intake")


class VoicemailRule(Choice):
    """What may be left on a client's voicemail."""

    NO = "no", N_("No voicemail")
    NO_IDENTITY = "no_identity", N_("Voicemail ok, don’t say who you are")
    OK = "ok", N_("Voicemail ok")
    CUSTOM = "custom", N_("Voicemail ok, in these words")
    NOT_ASKED = "not_asked", N_("Voicemail: not asked")


class MayContact(Choice):
    """Whether a person around the client may be contacted."""

    YES = "yes", N_("may contact")
    EMERGENCY = "emergency", N_("emergency only")
    WITH_CONSENT = "with_consent", N_("only with consent")
    NO = "no", N_("never contact")
    NOT_ASKED = "not_asked", N_("not asked")


class FlagKind(Choice):
    """What to know before going (domain.md 2.4, with the words for a badge)."""

    NOT_ALONE = "not_alone", N_("No home visit alone")
    IN_PAIRS = "in_pairs", N_("Visit in pairs")
    WEAPONS = "weapons", N_("Weapons in home")
    DOG = "dog", N_("Dog")
    VIOLENCE = "violence", N_("History of violence")
    CONTAGIOUS = "contagious", N_("Contagion precautions")
    RESPONDER_GENDER = "responder_gender", N_("Gender of responder matters")
    ARSON = "arson", N_("Fire setting")
    OFFICER_SAFETY = "officer_safety", N_("Officer-safety caution")
    NO_CONTACT_PERSON = "no_contact_person", N_("Do not contact a person")
    NOT_AS_POLICE = "not_as_police", N_("Do not announce as police")
    MEDICAL = "medical", N_("Medically fragile")
    ELOPEMENT = "elopement", N_("May leave suddenly")
    ABUSER = "abuser", N_("Abuser lives there or watches the phone")
    PLAIN_ENVELOPE = "plain_envelope", N_("Plain envelope only")
    HIGH_CONCERN = "high_concern", N_("High concern")
    OTHER = "other", N_("Other")


class Severity(Choice):
    """How loudly a safety flag speaks; danger stands above caution."""

    DANGER = "danger", N_("Danger")
    CAUTION = "caution", N_("Caution")


# Encounters -------------------------------------------------------------------------------------------------------


class ContactType(Choice):
    """What kind of encounter it was."""

    CALL_OUT = "call_out", N_("Crisis call-out")
    OFFICER_PHONE = "officer_phone", N_("Officer request by phone")
    OUTREACH = "outreach", N_("Outreach")
    VISIT = "visit", N_("Follow-up visit")
    PHONE = "phone", N_("Follow-up phone call")
    WALK_IN = "walk_in", N_("Walk-in")
    CONSULT = "consult", N_("Desk or phone consult")
    JAIL = "jail", N_("Jail or lock-up")
    HOSPITAL = "hospital", N_("Hospital")
    COURT = "court", N_("Court")
    SCHOOL = "school", N_("School")
    MEETING = "meeting", N_("Community meeting")


class RequestedBy(Choice):
    """Who asked for the clinician."""

    PATROL = "patrol", N_("Patrol")
    DISPATCH = "dispatch", N_("Dispatch")
    SUPERVISOR = "supervisor", N_("Supervisor")
    FIRE_EMS = "fire_ems", N_("Fire, EMS")
    CRISIS_LINE = "crisis_line", N_("988")
    HOSPITAL = "hospital", N_("Hospital")
    FAMILY = "family", N_("Family")
    DETECTIVE = "detective", N_("Detective")
    SCHOOL_OFFICER = "school_officer", N_("School resource officer")
    SELF = "self", N_("The person themself")
    SCHOOL = "school", N_("School")
    AGENCY = "agency", N_("Agency")
    OTHER_DEPARTMENT = "other_department", N_("Other department")


class Nature(Choice):
    """What the call was about, at first and in the end."""

    SUICIDAL_IDEATION = "suicidal_ideation", N_("Suicidal, ideation")
    SUICIDE_ATTEMPT = "suicide_attempt", N_("Suicide attempt in progress or just occurred")
    SELF_HARM = "self_harm", N_("Self-harm")
    OVERDOSE = "overdose", N_("Overdose")
    PSYCHOSIS = "psychosis", N_("Psychosis, unusual behavior")
    ANXIETY = "anxiety", N_("Anxiety, panic")
    WELFARE_CHECK = "welfare_check", N_("Welfare check")
    PERSON_DOWN = "person_down", N_("Person down")
    FAMILY_CONFLICT = "family_conflict", N_("Domestic or family conflict")
    DISTURBANCE = "disturbance", N_("Disturbance")
    INTOXICATION = "intoxication", N_("Substance, intoxication")
    UNWANTED_PERSON = "unwanted_person", N_("Homelessness, unwanted person")
    MISSING = "missing", N_("Missing, wandering")
    DEMENTIA = "dementia", N_("Dementia, elder")
    NEGLECT = "neglect", N_("Neglect, adult protection")
    CHILD_BEHAVIOR = "child_behavior", N_("Child or juvenile behavior")
    CHILD_WELFARE = "child_welfare", N_("Child welfare")
    GRIEF = "grief", N_("Death notification, grief")
    VICTIM = "victim", N_("Victim support")
    THREATS = "threats", N_("Threats to others")
    BARRICADE = "barricade", N_("Barricade")
    TRESPASS = "trespass", N_("Trespass")
    NEIGHBORS = "neighbors", N_("Neighbor dispute")
    MEDICAL = "medical", N_("Medical")
    OTHER = "other", N_("Other")


class NeedCategory(Choice):
    """The categories of need by which calls and encounters are counted."""

    MENTAL_HEALTH = "mental_health", N_("Mental health")
    HOUSING = "housing", N_("Homelessness, housing")
    SUBSTANCE_USE = "substance_use", N_("Substance use")
    CHILDREN = "children", N_("Children, juvenile")
    ELDER = "elder", N_("Elder")
    FAMILY = "family", N_("Family, domestic violence")
    DISABILITY = "disability", N_("Disability")
    BASIC_NEEDS = "basic_needs", N_("Basic needs")
    OFFICER_WELLNESS = "officer_wellness", N_("Officer wellness")


class LocationType(Choice):
    """Where an encounter took place."""

    RESIDENCE = "residence", N_("Residence")
    STREET = "street", N_("Street, public place")
    HEIGHT_WATER = "height_water", N_("Bridge, height, water")
    BUSINESS = "business", N_("Business")
    SCHOOL = "school", N_("School")
    HOSPITAL = "hospital", N_("Hospital")
    SHELTER = "shelter", N_("Shelter")
    JAIL = "jail", N_("Jail")
    VEHICLE = "vehicle", N_("Vehicle")
    OTHER = "other", N_("Other")


class Weapon(Choice):
    """What was there that could hurt."""

    NONE = "none", N_("None")
    FIREARM = "firearm", N_("Firearm")
    KNIFE = "knife", N_("Knife, edged")
    BLUNT = "blunt", N_("Blunt object")
    VEHICLE = "vehicle", N_("Vehicle")
    MEDICATION = "medication", N_("Medication, poison")
    HEIGHT_WATER = "height_water", N_("Height, water")
    ROPE = "rope", N_("Rope")
    OTHER = "other", N_("Other")


class Behavior(Choice):
    """What was observed."""

    SUICIDAL_STATEMENTS = "suicidal_statements", N_("Suicidal statements")
    THREATS = "threats", N_("Threats")
    AGGRESSION = "aggression", N_("Aggression")
    WEAPON_DISPLAYED = "weapon_displayed", N_("Weapon displayed")
    DISORGANIZED = "disorganized", N_("Disorganized")
    HALLUCINATING = "hallucinating", N_("Hallucinating")
    DELUSIONAL = "delusional", N_("Delusional")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    INTOXICATED = "intoxicated", N_("Intoxicated")
    DISTRESSED = "distressed", N_("Crying, distressed")
    CALM = "calm", N_("Calm, cooperative")
    CONFUSED = "confused", N_("Hostile, confused")
    BELLIGERENT = "belligerent", N_("Belligerent")


class ForceLevel(Choice):
    """The highest level of police control (Compton 2014)."""

    PRESENCE = "presence", N_("Presence")
    VERBAL = "verbal", N_("Verbal")
    SOFT_HANDS = "soft_hands", N_("Soft hands, escort")
    RESTRAINT = "restraint", N_("Restraint, cuffs")
    LESS_LETHAL = "less_lethal", N_("Less-lethal")
    FIREARM_DISPLAYED = "firearm_displayed", N_("Firearm displayed")
    FIREARM_USED = "firearm_used", N_("Firearm used")
    UNKNOWN = "unknown", N_("Not known")


class ClinicianRole(Choice):
    """What the clinician did there; standing by while an officer has rapport is a success."""

    LEAD = "lead", N_("Lead")
    SUPPORT = "support", N_("Support")
    CONSULT = "consult", N_("Consult")
    STOOD_BY = "stood_by", N_("Stood by, officer had rapport")
    NOT_NEEDED = "not_needed", N_("Not needed on arrival")
    CANCELLED = "cancelled", N_("Cancelled en route")
    UNABLE = "unable", N_("Unable to respond")


class Ending(Choice):
    """How an encounter ended; several can be true, the first is the main one."""

    ON_SCENE = "D01", N_("Resolved on scene")
    SAFETY_PLAN = "D02", N_("Safety plan")
    LEFT_WITH_FAMILY = "D03", N_("Left with family")
    REFERRED = "D04", N_("Referred")
    WARM_HAND_OFF = "D05", N_("Warm hand-off")
    VOLUNTARY_ER = "D06", N_("Voluntary to ER")
    STABILIZATION = "D07", N_("Voluntary to crisis center")
    DETOX = "D08", N_("Voluntary to detox")
    SHELTER = "D09", N_("Shelter, safe place")
    HOLD_CLINICIAN = "D10", N_("Hold, by clinician")
    HOLD_OFFICER = "D11", N_("Hold, by officer")
    PETITION = "D12", N_("Petition filed")
    EMS = "D13", N_("EMS, medical")
    ARREST = "D14", N_("Arrest")
    CITED = "D15", N_("Cited and released")
    DIVERTED = "D16", N_("Diverted from arrest")
    REPORT_ONLY = "D17", N_("Report only")
    APS = "D18", N_("Adult protection report")
    CPS = "D19", N_("Child protection report")
    DECLINED = "D20", N_("Declined")
    GONE = "D21", N_("Gone on arrival")
    OTHER_AGENCY = "D22", N_("Handed to other agency")
    DECEASED = "D23", N_("Deceased")
    OTHER = "D99", N_("Other")


class NoteKind(Choice):
    """What a note is to the one before it."""

    NOTE = "note", N_("Note")
    ADDENDUM = "addendum", N_("Addendum")
    CORRECTION = "correction", N_("Correction")
    LATE_ENTRY = "late_entry", N_("Late entry")


class NoteStatus(Choice):
    """A draft can be edited; a signed note cannot."""

    DRAFT = "draft", N_("Draft, sign it")
    SIGNED = "signed", N_("Signed")


# Directory --------------------------------------------------------------------------------------------------------


class Need(Choice):
    """The everyday words by which a place to send people is found."""

    BED_TONIGHT = "bed_tonight", N_("A bed tonight")
    PLACE_TO_LIVE = "place_to_live", N_("A place to live")
    SOMEONE_TO_TALK_TO = "someone_to_talk_to", N_("Someone to talk to")
    STOP_USING = "stop_using", N_("To stop using")
    FOOD_CLOTHES = "food_clothes", N_("Food, clothes")
    SAFE_AT_HOME = "safe_at_home", N_("To be safe at home")
    HELP_FOR_CHILD = "help_for_child", N_("Help for a child")
    HELP_FOR_ELDER = "help_for_elder", N_("Help for an elder")
    DOCTOR_MEDICINE = "doctor_medicine", N_("A doctor or medicine")
    MONEY_BENEFITS = "money_benefits", N_("Money and benefits")
    WORK_SCHOOL = "work_school", N_("Work or school")
    LEGAL_HELP = "legal_help", N_("Legal help")
    GETTING_AROUND = "getting_around", N_("Getting around")


class ServiceStatus(Choice):
    """Whether a service exists (HSDS 3.0 service.status)."""

    ACTIVE = "active", N_("Active")
    INACTIVE = "inactive", N_("Inactive")
    DEFUNCT = "defunct", N_("Closed for good")
    TEMPORARILY_CLOSED = "temporarily closed", N_("Closed for now")
    NOT_SAID = "not said", N_("Not said whether it runs")  # ours: exported as inactive, but never hidden


class PlaceType(Choice):
    """What a location is (HSDS 3.0 location.location_type)."""

    PHYSICAL = "physical", N_("A place")
    POSTAL = "postal", N_("A postal address")
    VIRTUAL = "virtual", N_("Online or by phone")


class AddressType(Choice):
    """What an address is for (HSDS 3.0 address.address_type)."""

    PHYSICAL = "physical", N_("Street address")
    POSTAL = "postal", N_("Mailing address")
    VIRTUAL = "virtual", N_("Online")


class CheckHow(Choice):
    """How a service was checked."""

    PHONE = "phone", N_("by phone")
    VISIT = "visit", N_("in person")
    WEBSITE = "website", N_("on their website")
    EMAIL = "email", N_("by e-mail")
    USED = "used", N_("by using it")


class CheckResult(Choice):
    """What a check found."""

    WORKED = "worked", N_("Worked")
    CHANGED = "changed", N_("Something changed")
    DID_NOT = "did_not", N_("Didn’t")


# Referrals and releases -------------------------------------------------------------------------------------------


class Urgency(Choice):
    """How soon the service is needed."""

    SAME_DAY = "same_day", N_("Same day")
    HOURS_72 = "hours_72", N_("72 h")
    ROUTINE = "routine", N_("Routine")


class HandOff(Choice):
    """How the client gets there."""

    WARM = "warm", N_("Warm hand-off")
    CALL = "call", N_("Call")
    PACKET = "packet", N_("Packet only")
    INFORMATION = "information", N_("Information only")


class ReferralState(Choice):
    """Where a referral stands (domain.md 7.4)."""

    DRAFT = "draft", N_("Draft")
    SENT = "sent", N_("Waiting")
    INFORMATION = "information", N_("Information only")
    RECEIVED = "received", N_("Received")
    CONTACTED = "contacted", N_("Client contacted")
    SCHEDULED = "scheduled", N_("Scheduled")
    CONNECTED = "connected", N_("Connected")
    NEEDS_CLIENT = "needs_client", N_("Needs client")
    WAIT_LISTED = "wait_listed", N_("Wait-listed")
    NO_SHOW = "no_show", N_("No show")
    NO_RESPONSE = "no_response", N_("No response")
    GOT_HELP = "got_help", N_("Got help")
    NO_CAPACITY = "no_capacity", N_("No capacity")
    NOT_ELIGIBLE = "not_eligible", N_("Not eligible")
    NOT_REACHED = "not_reached", N_("Couldn’t contact client")
    DECLINED = "declined", N_("Client declined")
    ELSEWHERE = "elsewhere", N_("Referred elsewhere")
    REVOKED = "revoked", N_("Release revoked")


# A final state ends a referral; HUD's referral result (4.20.D) follows from it.
FINAL_STATES = frozenset(
    {
        ReferralState.GOT_HELP,
        ReferralState.NO_CAPACITY,
        ReferralState.NOT_ELIGIBLE,
        ReferralState.NOT_REACHED,
        ReferralState.DECLINED,
        ReferralState.ELSEWHERE,
        ReferralState.REVOKED,
    }
)


class ReferralResult(Choice):
    """HUD's referral result (4.20.D)."""

    ACCEPTED = "1", N_("Successful: client accepted")
    CLIENT_REJECTED = "2", N_("Unsuccessful: client rejected")
    PROVIDER_REJECTED = "3", N_("Unsuccessful: provider rejected")


class ToldBy(Choice):
    """Who said how a referral stands."""

    PROVIDER = "provider", N_("the agency")
    CLIENT = "client", N_("the client")
    COLLATERAL = "collateral", N_("somebody close")
    ASSUMED = "assumed", N_("assumed")


class ReleaseStatus(Choice):
    """Where a release of information stands."""

    DRAFT = "draft", N_("Draft")
    SIGNED = "signed", N_("Signed")
    VERBAL = "verbal", N_("Agreed in words")
    REVOKED = "revoked", N_("Revoked")


class Direction(Choice):
    """Which way a release lets information go."""

    TO = "to", N_("To them")
    FROM = "from", N_("From them")
    BOTH = "both", N_("Two-way")


class ReleaseScope(Choice):
    """What a release lets be told; the sensitive ones are ticked one by one."""

    IDENTITY = "identity", N_("Name and how to reach")
    REASON = "reason", N_("Reason for the referral")
    HISTORY = "history", N_("Relevant history")
    RISK = "risk", N_("Safety and risk")
    MEDICATION = "medication", N_("Medication")
    MENTAL_HEALTH = "mental_health", N_("Mental health details")
    SUBSTANCE_USE = "substance_use", N_("Substance use")
    HIV = "hiv", N_("HIV")
    DOMESTIC_VIOLENCE = "domestic_violence", N_("Domestic violence")


class Basis(Choice):
    """On what ground something left the office (domain.md, appendix A)."""

    TREATMENT = "T", N_("Treatment: to a treating provider or ER")
    RELEASE = "A", N_("Client signed a release")
    CLIENT = "I", N_("To the client")
    FAMILY = "F", N_("Family involved in care")
    THREAT = "E", N_("Serious and imminent threat")
    MANDATED = "M", N_("Mandated report")
    COURT_ORDER = "L1", N_("Court order or warrant")
    SUBPOENA = "L2", N_("Subpoena or administrative request")
    LOCATE = "L3", N_("Limited information to locate or identify")
    CUSTODY = "L4", N_("Correctional care")
    OVERSIGHT = "O", N_("Health oversight")
    DE_IDENTIFIED = "R", N_("De-identified report")
    PART2_EMERGENCY = "P2M", N_("Part 2 medical emergency")
    OFFICER_SAFETY = "S", N_("Officer safety minimum")
    ERROR = "X", N_("Error, misdirected or lost paper")


class DisclosureHow(Choice):
    """By what way something left the office."""

    PRINTED = "printed", N_("Printed")
    FILE = "file", N_("Saved as a file")
    SPOKEN = "spoken", N_("Told")
    FAXED = "faxed", N_("Faxed")


class Audience(Choice):
    """Who a page is for."""

    PROVIDER = "provider", N_("For the provider")
    CLIENT = "client", N_("For the client")


class PageKind(Choice):
    """The pages of a packet (domain.md 6.1); each has one audience."""

    COVER = "P1", N_("Cover sheet")
    REFERRAL_FORM = "P2", N_("Referral form")
    HANDOUT = "C1", N_("Client handout")

    @property
    def audience(self) -> Audience:
        """Who reads it. Pages of two audiences are never stapled together."""
        return Audience.CLIENT if self is PageKind.HANDOUT else Audience.PROVIDER


# Follow-ups -------------------------------------------------------------------------------------------------------


class StepKind(Choice):
    """What a next step is."""

    CALL = "call", N_("Call")
    VISIT = "visit", N_("Visit")
    TEXT = "text", N_("Text")
    LETTER = "letter", N_("Letter")
    AGENCY = "agency", N_("Ask the agency")
    OTHER = "other", N_("Other")


class StepState(Choice):
    """Where a next step stands."""

    OPEN = "open", N_("Open")
    DONE = "done", N_("Done")
    DROPPED = "dropped", N_("Dropped")


class Channel(Choice):
    """How a try was made."""

    CALL = "call", N_("Call")
    TEXT = "text", N_("Text")
    VISIT = "visit", N_("Visit")
    LETTER = "letter", N_("Letter")
    EMAIL = "email", N_("E-mail")
    COLLATERAL = "collateral", N_("Through somebody close")
    PROVIDER = "provider", N_("Agency call")


class TryResult(Choice):
    """What came of a try."""

    REACHED = "reached", N_("Reached")
    VOICEMAIL = "voicemail", N_("Left voicemail")
    NO_ANSWER = "no_answer", N_("No answer")
    BUSY = "busy", N_("Busy")
    WRONG_NUMBER = "wrong_number", N_("Wrong number")
    DISCONNECTED = "disconnected", N_("Disconnected")
    CALL_BACK = "call_back", N_("Will call back")
    ESCALATED = "escalated", N_("Crisis, acted at once")
    SENT = "sent", N_("Sent")
    REPLIED = "replied", N_("Replied")
    NO_REPLY = "no_reply", N_("No reply")
    UNDELIVERABLE = "undeliverable", N_("Undeliverable")
    OPTED_OUT = "opted_out", N_("Asked us to stop")
    NOT_HOME = "not_home", N_("Not at home")


class PaperKind(Choice):
    """What an attachment is."""

    PACKET = "packet", N_("Packet")
    SCAN = "scan", N_("Scan")
    OTHER = "other", N_("Other")
