"""Words that several pages share: ages, pronouns, voicemail rules, tries, and how a referral stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crisisdesk.desk.names import fold
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.choices import (
    FINAL_STATES,
    BirthQuality,
    FlagKind,
    NoteStatus,
    ReferralState,
    Severity,
    StepKind,
    TryResult,
    VoicemailRule,
    YesNo,
)


class Tone(StrEnum):
    """The state in whose colour and with whose icon words are shown (look.md 1)."""

    OVERDUE = "overdue"
    DUE = "due"
    WAITING = "waiting"
    DONE = "done"
    CAUTION = "caution"
    DANGER = "danger"
    PLAIN = "plain"


class About(StrEnum):
    """What a mark is about, which chooses its icon where the tone doesn't."""

    SAFETY = "safety"
    CONCERN = "concern"
    VOICEMAIL = "voicemail"
    CONTACT = "contact"
    TRIES = "tries"
    STATE = "state"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A few words beside a name: a warning, a rule, a state."""

    about: About
    text: str
    tone: Tone = Tone.PLAIN


# Ages and names ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What is known of somebody's age."""

    born_on: date | None = None
    quality: BirthQuality = BirthQuality.NOT_ASKED
    guess: int | None = None  # years
    guessed_on: date | None = None


def years_between(start: date, end: date) -> int:
    """Return the full years from one date to another."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def age(birth: Birth, today: date) -> str:
    """Return "44", "about 30" for a guess, or "" if nothing is known."""
    if birth.born_on:
        years = years_between(birth.born_on, today)
        if years < 1:
            return _("under 1")
        sure = birth.quality is not BirthQuality.APPROXIMATE
        return str(years) if sure else _("about {years}").format(years=years)
    if birth.guess is None:
        return ""
    passed = years_between(birth.guessed_on, today) if birth.guessed_on else 0
    return _("about {years}").format(years=birth.guess + passed)


def age_years(birth: Birth, today: date) -> int | None:
    """Return the age in years, guessed or known, or None."""
    if birth.born_on:
        return years_between(birth.born_on, today)
    if birth.guess is None:
        return None
    return birth.guess + (years_between(birth.guessed_on, today) if birth.guessed_on else 0)


def upper_first(text: str) -> str:
    """Return the text as a sentence begins; the rest stays as typed."""
    return text[:1].upper() + text[1:]


def lower_start(text: str) -> str:
    """Return a label as it reads inside a sentence: "Left with family" is "left with family", "EMS, medical" stays."""
    is_acronym = text[1:2].isupper()
    return text if is_acronym else text[:1].lower() + text[1:]


def one_stop(sentence: str) -> str:
    """Return a sentence that ends with one full stop, also where a name brings its own: "Printed for Acme Inc."."""
    return sentence[:-1] if sentence.endswith("..") and not sentence.endswith("...") else sentence


def lower_first(text: str) -> str:
    """Return a name as it reads inside a line: "Single rooms" is "single rooms", "Legal Aid" and "Al-Anon" stay."""
    first, *others = text.split() or [""]
    is_plain = first[1:].islower() and all(word[:1].islower() for word in others)
    return lower_start(text) if is_plain else text


def dotted(*parts: str) -> str:
    """Join what there is with middle dots."""
    return " · ".join(part for part in parts if part)


def place(organization: str, service: str) -> str:
    """Return "Hope House, single rooms", without saying a name twice."""
    if not service or fold(service) == fold(organization):
        return organization
    if not organization or fold(service).startswith(fold(organization)):
        return service
    return _("{organization}, {service}").format(organization=organization, service=lower_first(service))


# Pronouns ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronoun:
    """How a chart speaks of a client."""

    reach: str  # "Reach her"
    around: str  # "People around her"

    @property
    def reach_title(self) -> str:
        """The title of the card with the numbers."""
        return _(self.reach)

    @property
    def around_title(self) -> str:
        """The title of the card with the people."""
        return _(self.around)


_THEY = Pronoun(reach=N_("Reach them"), around=N_("People around them"))
_PRONOUNS = {
    "she": Pronoun(reach=N_("Reach her"), around=N_("People around her")),
    "he": Pronoun(reach=N_("Reach him"), around=N_("People around him")),
}


def pronoun(pronouns: str) -> Pronoun:
    """Return the words for "she/her"; the first word decides, and "they" serves where none is known."""
    first = pronouns.replace("/", " ").replace(",", " ").split()[:1]
    return _PRONOUNS.get(first[0].casefold(), _THEY) if first else _THEY


# Safety -----------------------------------------------------------------------------------------------------------


def flag_words(kind: FlagKind, words: str) -> str:
    """Return what a safety flag says: her own words, else the kind's."""
    return words.strip() or kind.label


def flag_mark(kind: FlagKind, words: str, severity: Severity) -> Mark:
    """Return a safety flag as a mark. High concern is a flag of its own kind, always loud."""
    if kind is FlagKind.HIGH_CONCERN:
        return Mark(about=About.CONCERN, text=flag_words(kind, words), tone=Tone.DANGER)
    tone = Tone.DANGER if severity is Severity.DANGER else Tone.CAUTION
    return Mark(about=About.SAFETY, text=flag_words(kind, words), tone=tone)


# Reaching somebody ------------------------------------------------------------------------------------------------

_VOICEMAIL = {
    VoicemailRule.NO: N_("No voicemail"),
    VoicemailRule.NO_IDENTITY: N_("Voicemail ok, don’t say who you are"),
    VoicemailRule.OK: N_("Voicemail ok"),
    VoicemailRule.CUSTOM: N_("Voicemail ok"),
    VoicemailRule.NOT_ASKED: N_("Voicemail: not asked"),
}


def voicemail(rule: VoicemailRule, words: str = "") -> str:
    """Return "Voicemail ok: “Dana, for Maria”"."""
    if rule is VoicemailRule.CUSTOM and words.strip():
        return _("Voicemail ok: “{words}”").format(words=words.strip())
    return _(_VOICEMAIL[rule])


def texting(text_ok: YesNo, hours: str) -> str:
    """Return "Text ok, 9 to 20"."""
    if text_ok is YesNo.NO:
        return _("No texts")
    if text_ok is not YesNo.YES:
        return _("Texts: not asked")
    return _("Text ok, {hours}").format(hours=hours.strip()) if hours.strip() else _("Text ok")


_LAST_TRY = {
    TryResult.REACHED: N_("reached {day}"),
    TryResult.VOICEMAIL: N_("left message {day}"),
    TryResult.NO_ANSWER: N_("no answer {day}"),
    TryResult.BUSY: N_("busy {day}"),
    TryResult.WRONG_NUMBER: N_("wrong number {day}"),
    TryResult.DISCONNECTED: N_("number off {day}"),
    TryResult.CALL_BACK: N_("will call back, said {day}"),
    TryResult.ESCALATED: N_("crisis, acted at once {day}"),
    TryResult.SENT: N_("sent {day}"),
    TryResult.REPLIED: N_("replied {day}"),
    TryResult.NO_REPLY: N_("no reply {day}"),
    TryResult.UNDELIVERABLE: N_("came back {day}"),
    TryResult.OPTED_OUT: N_("asked us to stop {day}"),
    TryResult.NOT_HOME: N_("not at home {day}"),
}


def tries(count: int, last: TryResult | None = None, day: str = "") -> str:
    """Return "2 tries, left message Sunday"; ``day`` is how the last one's day is said."""
    if not count:
        return _("No try yet")
    words = ngettext("{count} try", "{count} tries", count).format(count=count)
    if last is None:
        return words
    return _("{tries}, {last}").format(tries=words, last=_(_LAST_TRY[last]).format(day=day))


def try_title(number: int, result: TryResult) -> str:
    """Return "Try 2: left voicemail", as the timeline heads it."""
    return _("Try {number}: {result}").format(number=number, result=lower_start(result.label))


# Next steps -------------------------------------------------------------------------------------------------------

_SAYS_ITSELF = frozenset({StepKind.LETTER, StepKind.AGENCY, StepKind.OTHER})
_KIND_INSIDE = {
    StepKind.CALL: N_("call, {what}"),
    StepKind.VISIT: N_("visit, {what}"),
    StepKind.TEXT: N_("text: “{what}”"),
}


def step_line(kind: StepKind, what: str) -> str:
    """Return what is to be done as it stands after a name: "call, 72 h after call-out", "home visit, day 7"."""
    what = what.strip()
    if not what:
        return lower_start(kind.label)
    is_sentence = kind is not StepKind.TEXT and (what.casefold().startswith(_("ask ")) or what.endswith("?"))
    if is_sentence or _names_itself(kind, what):
        return what
    return _(_KIND_INSIDE[kind]).format(what=what)


def _names_itself(kind: StepKind, what: str) -> bool:
    """Whether it says by itself what kind of step it is: "home visit, day 7"."""
    if kind in _SAYS_ITSELF:
        return True
    return kind.label.casefold() in what.casefold().replace(",", " ").replace(":", " ").split()[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTitle:
    """What is to be done as a heading: the heavy words and the rest ("Call" and "72 h after call-out")."""

    lead: str
    rest: str


def step_title(kind: StepKind, what: str, organization: str = "") -> StepTitle:
    """Return the heading of a next step: its kind, or whom to ask, and then what."""
    if kind is StepKind.AGENCY and organization:
        return StepTitle(lead=_("Ask {organization}").format(organization=organization), rest=what.strip())
    what, label = what.strip(), kind.label
    if not what or not _names_itself(kind, what):
        return StepTitle(lead=label, rest=what)
    if what.casefold().startswith(label.casefold()):
        return StepTitle(lead=label, rest=what[len(label) :].strip(" ,:"))
    lead, _comma, rest = what.partition(", ")
    return StepTitle(lead=upper_first(lead), rest=rest)


# Referrals and notes ----------------------------------------------------------------------------------------------

# A referral that is followed: it left the draft, and how it ended is not known.
FOLLOWED_STATES = tuple(s for s in ReferralState if s not in FINAL_STATES and s is not ReferralState.DRAFT)

_STATE_TONES = {
    ReferralState.SENT: Tone.WAITING,
    ReferralState.WAIT_LISTED: Tone.WAITING,
    ReferralState.RECEIVED: Tone.DONE,
    ReferralState.CONTACTED: Tone.DONE,
    ReferralState.CONNECTED: Tone.DONE,
    ReferralState.GOT_HELP: Tone.DONE,
    ReferralState.SCHEDULED: Tone.DUE,
    ReferralState.NO_SHOW: Tone.CAUTION,
    ReferralState.NO_RESPONSE: Tone.CAUTION,
    ReferralState.NO_CAPACITY: Tone.CAUTION,
    ReferralState.REVOKED: Tone.CAUTION,
}


def waiting_days(days: int) -> str:
    """Return "day 4"; on the day itself "today"."""
    return _("day {count}").format(count=days) if days > 0 else _("today")


def referral_badge(state: ReferralState, days: int | None = None) -> Mark:
    """Return "Waiting, day 4"; only waiting has an age, in days since it was sent."""
    text = state.label
    if state is ReferralState.SENT and days is not None:
        text = _("{state}, {days}").format(state=text, days=waiting_days(days))
    return Mark(about=About.STATE, text=text, tone=_STATE_TONES.get(state, Tone.PLAIN))


def note_badge(status: NoteStatus) -> Mark:
    """Return "Draft, sign it" or "Signed"."""
    tone = Tone.CAUTION if status is NoteStatus.DRAFT else Tone.DONE
    return Mark(about=About.STATE, text=status.label, tone=tone)
