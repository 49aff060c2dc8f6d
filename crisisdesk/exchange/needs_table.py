"""Facts: which categories and words mean which everyday need (codes of ``records.choices.Need``).

Titles are those of Open Eligibility v2 (Aunt Bertha, CC BY-SA 3.0) with the additions met in publishers' files. They
are matched by title, because publishers have renumbered the ids. An empty tuple says "this is no need of the desk's"
and stops the search among the titles above. Titles that are not here take the needs of the nearest one above.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

TERMS: dict[str, tuple[str, ...]] = {
    # Emergency, safety
    "emergency": (),
    "disaster response": (),
    "emergency cash": ("money_benefits",),
    "emergency shelter": ("bed_tonight",),
    "temporary shelter": ("bed_tonight",),
    "shelter": ("bed_tonight",),
    "weather relief": (),
    "help find missing persons": (),
    "immediate safety": ("safe_at_home",),
    "help escape violence": ("safe_at_home",),
    "safe housing": ("safe_at_home",),
    "physical safety": (),
    "psychiatric emergency services": ("someone_to_talk_to",),
    # Food and goods
    "food": ("food_clothes",),
    "community gardens": (),
    "help pay for food": ("food_clothes", "money_benefits"),
    "food benefits": ("food_clothes", "money_benefits"),
    "nutrition": (),
    "nutrition education": (),
    "goods": (),
    "baby supplies": ("help_for_child", "food_clothes"),
    "clothing": ("food_clothes",),
    "clothes for school": ("food_clothes",),
    "clothes for work": ("food_clothes",),
    "home goods": ("food_clothes",),
    "books": (),
    "home fuels": ("money_benefits",),
    "efficient appliances": (),
    "personal care items": ("food_clothes",),
    "personal hygiene": ("food_clothes",),
    "hygiene": ("food_clothes",),
    "supplies for work": ("work_school",),
    "medical supplies": ("doctor_medicine",),
    "assistive technology": (),
    "toys & gifts": (),
    # Housing
    "housing": ("place_to_live",),
    "help pay for housing": ("place_to_live", "money_benefits"),
    "help pay for utilities": ("money_benefits",),
    "help pay for internet or phone": ("money_benefits",),
    "home & renters insurance": (),
    "maintenance & repairs": (),
    "homebuyer education": (),
    "assisted living": ("help_for_elder",),
    "nursing home": ("help_for_elder",),
    "housing legal": ("legal_help",),
    "housing legal services": ("legal_help",),
    "sober living": ("stop_using", "place_to_live"),
    "recovery housing": ("stop_using", "place_to_live"),
    "transitional housing or halfway house": ("stop_using", "place_to_live"),
    # Transit
    "transit": ("getting_around",),
    "transportation": ("getting_around",),
    "transportation for healthcare": ("getting_around",),
    "transportation for school": ("getting_around",),
    "help pay for transit": ("getting_around",),
    "help pay for gas": ("getting_around",),
    "help pay for car": ("getting_around",),
    "bus passes": ("getting_around",),
    # Health
    "health": (),
    "medical": ("doctor_medicine",),
    "addiction & recovery": ("stop_using",),
    "substance use disorder": ("stop_using",),
    "detox": ("stop_using",),
    "12-step": ("stop_using",),
    "nicotine use disorders": (),
    "drug testing": (),
    "dental care": ("doctor_medicine",),
    "end-of-life care": ("doctor_medicine",),
    "bereavement": ("someone_to_talk_to",),
    "burial & funeral help": ("money_benefits",),
    "health education": (),
    "daily life skills": (),
    "family planning": ("doctor_medicine",),
    "disease management": ("doctor_medicine",),
    "parenting education": ("help_for_child",),
    "sex education": (),
    "understand disability": (),
    "understand mental health": ("someone_to_talk_to",),
    "help pay for healthcare": ("doctor_medicine", "money_benefits"),
    "disability benefits": ("money_benefits",),
    "health insurance": ("doctor_medicine", "money_benefits"),
    "prescription assistance": ("doctor_medicine",),
    "medical care": ("doctor_medicine",),
    "alternative medicine": (),
    "exercise & fitness": (),
    "fertility": (),
    "mental health evaluation": ("someone_to_talk_to",),
    "mental health": ("someone_to_talk_to",),
    "respite care services": (),
    "prevent & treat": (),
    "counseling": ("someone_to_talk_to",),
    "hiv treatment": ("doctor_medicine",),
    "physical therapy": ("doctor_medicine",),
    "pain management": ("doctor_medicine",),
    "vaccinations": ("doctor_medicine",),
    "in-home support": ("help_for_elder",),
    "primary care": ("doctor_medicine",),
    "postnatal care": ("doctor_medicine",),
    "vision care": ("doctor_medicine",),
    "hospice": ("doctor_medicine",),
    # Money
    "money": ("money_benefits",),
    "help pay for childcare": ("help_for_child", "money_benefits"),
    "help pay for school": ("work_school", "money_benefits"),
    "financial aid & loans": ("work_school", "money_benefits"),
    "help pay for work expenses": ("work_school",),
    "insurance": (),
    # Care
    "care": (),
    "adoption & foster care": ("help_for_child",),
    "animal welfare": (),
    "community support services": (),
    "computer or internet access": (),
    "daytime care": (),
    "adult daycare": ("help_for_elder",),
    "afterschool care": ("help_for_child",),
    "before school care": ("help_for_child",),
    "childcare": ("help_for_child",),
    "day camp": ("help_for_child",),
    "preschool": ("help_for_child",),
    "recreation": (),
    "relief for caregivers": ("help_for_elder",),
    "navigating the system": (),
    "help find childcare": ("help_for_child",),
    "help find housing": ("place_to_live",),
    "help find school": ("work_school",),
    "help find work": ("work_school",),
    "residential care": (),
    "overnight camp": ("help_for_child",),
    "support network": (),
    "mentoring": ("help_for_child",),
    "one-on-one support": ("someone_to_talk_to",),
    "peer support": ("someone_to_talk_to",),
    "support groups": ("someone_to_talk_to",),
    # Education and work
    "education": (),
    "more education": ("work_school",),
    "disaster preparedness & response": (),
    "financial education": ("money_benefits",),
    "special education": ("help_for_child", "work_school"),
    "screening & exams": (),
    "ged/high-school equivalency": ("work_school",),
    "english as a second language": ("work_school",),
    "skills & training": ("work_school",),
    "tutoring": ("work_school",),
    "work": ("work_school",),
    "technology": (),
    "retirement benefits": ("money_benefits",),
    "unemployment benefits": ("money_benefits",),
    # Legal
    "legal": ("legal_help",),
    "advocacy & legal aid": ("legal_help",),
    "citizenship & immigration": ("legal_help",),
    "understand government programs": ("money_benefits",),
    "workplace rights": ("legal_help",),
    "notary": (),
    "translation & interpretation": (),
}

# Open Eligibility's situations name people. Only those count that name a need as well.
SITUATIONS: dict[str, tuple[str, ...]] = {
    "domestic violence survivors": ("safe_at_home",),
    "sexual assault survivors": ("safe_at_home", "someone_to_talk_to"),
    "human trafficking survivors": ("safe_at_home",),
    "opioid use disorder": ("stop_using",),
    "alcohol use disorder": ("stop_using",),
    "seniors": ("help_for_elder",),
}


@lru_cache(maxsize=64)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """The words that mean a need: in a name, where they say what the service is, and in a description, where few do."""

    need: str
    in_name: str
    in_description: str = ""
    but_not: str = ""  # phrases that hold such a word and mean something else

    def is_in_name(self, text: str) -> bool:
        """Tell whether a name says this need."""
        return self._is_in(self.in_name, text)

    def is_in_description(self, text: str) -> bool:
        """Tell whether a description says this need."""
        return bool(self.in_description) and self._is_in(self.in_description, text)

    def _is_in(self, words: str, text: str) -> bool:
        return bool(_pattern(words).search(_pattern(self.but_not).sub(" ", text) if self.but_not else text))


WORDS = (
    Words(
        "bed_tonight",
        r"shelter|night\s+stay|overnight|warming cent|(?:hotel|motel) voucher|rescue mission|crisis bed",
        r"(?:emergency|homeless|overnight|night|winter|temporary|crisis) shelter|emergency (?:and transitional )?housing|(?:hotel|motel) vouchers?",
        r"(?:animal|pet|cat|dog|tax) shelters?|sheltered|shelter (?:plus|\+) care|shelter workers|shelter in place|refer\w* to (?:emergency )?shelters?",
    ),
    Words(
        "place_to_live",
        r"housing|apartments?\b|section 8|re-?housing|rental assistance|eviction|supportive living|group homes?|halfway house|transitional (?:home|living|residence)",
        r"(?:transitional|permanent|supportive|supported|affordable|subsidized|low-income|public|senior) (?:supportive )?housing|eviction prevention|rental assistance"
        r"|section 8|rapid re-?housing|halfway house|group homes?|transitional (?:home|living)",
        r"fair housing|housing (?:legal|law|court|discrimination)|animal housing",
    ),
    Words(
        "someone_to_talk_to",
        r"mental (?:health|illness)|counsel|psychiatr|psycholog|psychother|behavioral health|suicide|crisis|988\b|warm ?line|grief|bereave|support groups?|NAMI\b"
        r"|depress|trauma|PTSD|(?:family|group|individual|art|play) therapy|therap(?:ist|eutic)|emotion|survivors of",
        r"mental (?:health|illness)|(?:individual|family|group|couples|marriage|marital|crisis|grief|bereavement|trauma|peer|pastoral|supportive|emotional|psychological)(?:,? (?:and|&|or)? ?\w+)? counsel"
        r"|psychiatric|psychotherap|behavioral health|suicide|crisis (?:line|hotline|intervention|counsel)|support groups?|warm ?line",
        r"(?:credit|debt|housing|foreclosure|legal|genetic|nutrition\w*|career|employment|job|financial|budget|homebuyer|home ownership|mortgage|pregnancy|tax|college|academic"
        r"|vocational|benefits?|insurance|consumer|reverse mortgage|business|rehabilitation) counsel\w*|(?:city|county|general|town|state|arts|indian|tribal) counsel|counselor at law"
        r"|pregnancy cris[ie]s|financial crisis|crisis nursery|housing crisis|fuel crisis|burn trauma|trauma (?:center|unit)|general counsel|counsel for",
    ),
    Words(
        "stop_using",
        r"substance (?:use|abuse|misuse)|addict|alcohol|drug (?:treatment|abuse|rehab|program|dependen|free|and alcohol)|drugs?\b.{0,12}treatment|detox|methadone|suboxone"
        r"|buprenorphine|naloxone|narcan|recovery|narcotics|al-?anon|alateen|sober|12[ -]step|twelve step|opi(?:oid|ate)|overdose|needle exchange|syringe|harm reduction|gamblers",
        r"substance (?:use|abuse|misuse) (?:treatment|counsel|services|program|recovery|disorder)|(?:drug|alcohol|addictions?)(?: (?:and|&|or) \w+)? (?:treatment|counsel|rehab|recovery|detox)"
        r"|detox|methadone|suboxone|buprenorphine|12[ -]step|recovery (?:house|home|program|from (?:alcohol|drug|addiction|substance))|opi(?:oid|ate) (?:treatment|addict|depend)|chemical dependen",
        r"drug stores?|alcohol[- ]free|drug[- ]free (?:school|workplace)|disaster recovery|recovery of (?:property|benefits)|document recovery|id recovery|cancer recovery|heart recovery|tax recovery",
    ),
    Words(
        "food_clothes",
        r"food|pantry|pantries|soup kitchen|meals?\b|grocer|clothing|clothes|\bWIC\b|\bSNAP\b|feeding|kitchen|bread|nutrition program|hygiene|furniture|diaper",
        r"food (?:pantry|bank|closet|baskets?|distribution|stamps|boxes|cupboard|programs?)|emergency food|pantry|soup kitchen|(?:hot|free|daily|home[- ]delivered|congregate) meals?|groceries"
        r"|(?:free|used|emergency|gently used|offers|provides|distributes) (?:food and |food,? )?clothing|clothes closet|clothing (?:bank|closet)",
        r"seafood|food (?:safety|service (?:license|inspection|training|worker)|handler|addict|allerg)|food industry",
    ),
    Words(
        "safe_at_home",
        r"domestic (?:violence|abuse)|intimate partner|battered|family violence|dating violence|sexual (?:assault|abuse|violence)|rape|protective (?:order|services)|traffick"
        r"|(?:elder|child|spouse|adult) abuse|stalking|safe ?house|abused (?:wom|person|spouse)|victim(?:s|/|\b).{0,3}(?:of|assist|serv|advoc|witness)|violence against",
        r"domestic (?:violence|abuse)|intimate partner|battered (?:wom|spous)|family violence|sexual(?:ly)? (?:assault|abus)|rape crisis|protective orders?|human traffick|elder abuse|child abuse"
        r"|adult protective|child protective|peace orders?",
        r"(?:not|no) domestic violence",
    ),
    Words(
        "help_for_child",
        r"child|kids?\b|youth|teens?\b|adolescent|juvenile|infants?|toddler|bab(?:y|ies)\b|head ?start|pre-?school|preschool|foster|parent(?:s|ing|\b)|after[- ]?school|boys|girls|big brothers"
        r"|pediatric|nursery|day ?care|early intervention|runaway|student",
        r"child ?care|child (?:abuse|protect|welfare|development|find)|head start|foster care|adoption|parenting|after[- ]?school|(?:at[- ]risk|troubled|runaway|homeless|disadvantaged) youth"
        r"|juvenile|day camp|summer camp|early intervention|infants and toddlers|developmental(?:ly)? (?:delay|disab)\w* children|children with (?:disab|special|emotional|develop)",
        r"adult (?:medical )?day ?care|child support|parenthood|parent company|medical day ?care|senior day ?care|day ?care for (?:adults|seniors|the elderly)|adult children|student loans?"
        r"|child ?birth",
    ),
    Words(
        "help_for_elder",
        r"seniors?\b|elder|older adults?|aging|geriatric|alzheimer|dementia|adult (?:medical )?day|assisted living|nursing (?:home|cent|facility|and rehab)|retire|meals on wheels"
        r"|adult protective|AARP|caregiver|convalescent|ombudsman|\bhome care\b|in-home|medical day ?care",
        r"(?:for|to|assist\w*|serv\w*|help\w*) (?:\w+ ){0,3}(?:seniors|senior citizens|older adults|(?:the )?elderly|aging)|senior (?:center|citizens)|(?:frail|homebound) elder|alzheimer|dementia"
        r"|assisted living|nursing home|adult (?:medical )?day ?care|medical day ?care|elder ?care|adult protective|older persons|ages? (?:55|60|62|65) (?:and|or) (?:older|over)",
        r"(?:junior and |high school )seniors?|senior (?:high|vice|pastor|partner|staff|attorney)|managing|packaging|imaging|engaging|encouraging|damaging|messaging",
    ),
    Words(
        "doctor_medicine",
        r"clinics?\b|health (?:cent|care|dep|serv|clinic|suite|program|line)|medical|medicine|hospital|doctor|physician|primary care|dent(?:al|ist)|pharmac|prescription|immuniz|vaccin|nurs(?:e|ing)\b"
        r"|vision|eye (?:care|glass|bank|clinic)|eyeglass|HIV|AIDS\b|STD|prenatal|maternity|pregnan|family planning|planned parenthood|hospice|urgent care|cancer|diabetes|dialysis|health\b(?! (?:educ|insur|polic))",
        r"(?:medical|primary|health|dental|prenatal|urgent|vision|nursing|hospice) (?:care|services|clinic|treatment|exam)|dental|dentist|prescription|immuniz|vaccin|physicians?\b|health (?:center|department|clinic)"
        r"|HIV (?:test|counsel|care|treat)|family planning|pregnancy test|inpatient|outpatient (?:care|medical)|hospital\b|hearing aids?|eyeglasses|wheelchairs? (?:loan|and)|medical equipment",
        r"(?:legal|law|tax|immigration|rent|advocacy|bike|pet|spay) clinics?|mental health|behavioral health|(?:animal|veterinary|pet) (?:hospital|clinic|medicine)|health insurance|medical assistance"
        r"|television|division|supervision|revision|medical legal|medical records|medical day|hospitality|home health aide training|public health (?:law|policy)|health (?:education|club|fair)s?|nursery",
    ),
    Words(
        "money_benefits",
        r"financial|emergency assistance|utilit|energy|fuel|rent(?:al)? assist|cash assist|social services|social security|benefits?\b|\bSSI\b|SSDI|medicaid|medicare|medical assistance|food stamps"
        r"|\bSNAP\b|\bTANF\b|\bTCA\b|credit|debt|tax (?:assist|prep|help|aid|credit)|payee|unemployment|child support|salvation army|community action|veterans? (?:affairs|benefits|admin)|property tax"
        r"|health insurance|pension|vincent de paul|help fund|low[- ]income|money|budget",
        r"financial (?:assistance|help|aid|counsel|support)|(?:utility|energy|fuel|rent\w*|eviction|prescription|emergency|cash) assist|utilit\w+ (?:bills?|turn|shut|assist|payment)|turn-?off|social security"
        r"|food stamps|medicaid|medical assistance|\bTANF\b|temporary cash|public assistance|credit counsel|debt|tax (?:assist|prep|credit)|property tax|child support|public benefits|apply\w* for benefits",
        r"financial aid|(?:home|business) energy (?:audit|efficien)|credit (?:hours|course|union|card)|energy drink|tax[- ]exempt",
    ),
    Words(
        "work_school",
        r"employ|jobs?\b|career|workforce|work\b|vocation|apprentice|\bGED\b|literacy|education|school|colleg|universit|tutor|\bESL\b|\bESOL\b|learning|training|one[- ]stop|academy|library|libraries|rehabilitation services",
        r"job (?:training|placement|search|readiness|development|coach|counsel|seekers|skills)|employment (?:service|assist|training|counsel|program|opportun)|vocational|career (?:counsel|develop|cent|train)"
        r"|apprentice|\bGED\b|adult (?:basic )?education|literacy|\bESL\b|\bESOL\b|tutor|english as a second|supported employment|workforce|degree programs?|college|school diploma|scholarship",
        r"preschool|pre-school|after[- ]?school|before and after|nursery school|employee assistance|self[- ]employ|social work|clinical training|health education|equal employment|childbirth (?:education|classes)"
        r"|parent(?:ing)? education|legal education|work release|school of (?:medicine|nursing|dent\w+|law|social work|pharmacy)|guard dog training|dog training|driver education|board of education of",
    ),
    Words(
        "legal_help",
        r"legal|law\b(?! enforce)|lawyer|attorney|bar (?:association|foundation)|public defender|(?:circuit|district|drug|juvenile|family|orphans.?|teen|mental health) court|immigra|expung|civil rights"
        r"|civil liberties|justice|mediation|pro bono|pro se|litigants?|human relations|fair housing|victim.?(?:/|s? ).{0,3}witness|consumer protection|disability rights|conflict resolution|dispute",
        r"legal (?:aid|assist|advice|represent|services|help|counsel|information|advoca)|lawyers?|attorneys?|pro bono|expung|immigration (?:law|serv|assist|status|matter)|mediation|civil rights|discriminat"
        r"|public defender|power of attorney|court (?:advoca|accompan)",
        r"law enforcement|by-?laws?|does not discriminat|without discriminat|attorney fees|power plant|law school (?:admission|library)|criminal justice degree",
    ),
    Words(
        "getting_around",
        r"transport|transit|bus (?:pass|ticket|token|service|line)|paratransit|mobility|rides?\b|taxi|\bMTA\b|shuttle|ride[- ]?share|motor vehicle",
        r"(?:provides|offers|arranges|operates|coordinates|free|medical|non-emergency|specialized|door[- ]to[- ]door|curb[- ]to[- ]curb|senior) (?:\w+ ){0,2}transportation|paratransit"
        r"|bus (?:passes|tickets|tokens)|taxi vouchers?|rides? to",
        r"upward mobility|bike rides?|therapeutic riding|department of transportation|horseback rides?|transport of animals",
    ),
)
