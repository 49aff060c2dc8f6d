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
    "disaster response": (),
    "emergency cash": ("money_benefits",),
    "emergency shelter": ("bed_tonight",),
    "temporary shelter": ("bed_tonight",),
    "shelter": ("bed_tonight",),
    "weather relief": (),
    "help find missing persons": (),
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
    "baby supplies": ("help_for_child", "food_clothes"),
    "clothing": ("food_clothes",),
    "clothes for school": ("food_clothes",),
    "clothes for work": ("food_clothes",),
    "home goods": ("food_clothes",),
    "books": (),
    "home fuels": ("money_benefits",),
    "efficient appliances": (),
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
    "mentoring": ("help_for_child",),
    "one-on-one support": ("someone_to_talk_to",),
    "peer support": ("someone_to_talk_to",),
    "support groups": ("someone_to_talk_to",),
    # Education and work
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
    "citizenship & immigration": ("legal_help",),
    "understand government programs": ("money_benefits",),
    "workplace rights": ("legal_help",),
    "notary": (),
    "translation & interpretation": (),
}

# Titles that publishers put on much that they don't fit, or that name a setting and not a need. They count only where
# the service's own words agree; what lies under them is found in ``TERMS`` or takes the need of what lies above.
UNSURE: dict[str, tuple[str, ...]] = {
    "emergency": ("bed_tonight", "food_clothes", "safe_at_home"),
    "immediate safety": ("safe_at_home", "bed_tonight"),
    "goods": ("food_clothes",),
    "personal care items": ("food_clothes",),
    "health": ("doctor_medicine",),
    "counseling": ("someone_to_talk_to", "stop_using"),
    "residential treatment": ("stop_using", "someone_to_talk_to"),
    "outpatient treatment": ("stop_using", "someone_to_talk_to"),
    "intensive outpatient treatment": ("stop_using", "someone_to_talk_to"),
    "hospital treatment": ("someone_to_talk_to", "doctor_medicine"),
    "advocacy & legal aid": ("legal_help",),
    "education": ("work_school",),
    "help hotlines": ("someone_to_talk_to", "stop_using", "safe_at_home"),
    "support network": ("someone_to_talk_to",),
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
        pattern = _pattern(words)
        if not pattern.search(text):
            return False
        return not self.but_not or bool(pattern.search(_pattern(self.but_not).sub(" ", text)))


WORDS = (
    Words(
        "bed_tonight",
        in_name=r"shelter|night\s+stay|overnight|warming cent|(?:hotel|motel) voucher|rescue mission|crisis bed",
        in_description=(
            r"(?:emergency|overnight|night|winter) shelter"
            r"|shelters? (?:for|to) (?:the )?(?:homeless|single|men|women|famil|victims)"
            r"|(?:provides|operates|offers) (?:an? |free )?(?:\w+[- ]){0,2}shelter"
            r"|emergency (?:and transitional )?housing|(?:hotel|motel) vouchers?"
        ),
        but_not=(
            r"(?:animal|pet|cat|dog|humane)\b[^·]*shelters?|shelter[^·]*animals?|tax shelters?|sheltered"
            r"|shelter (?:plus|\+) care|shelter workers|shelter in place|refer\w*[^.]{0,60}shelters?"
        ),
    ),
    Words(
        "place_to_live",
        in_name=(
            r"housing|apartments?\b|section 8|re-?housing|rental assistance|eviction|supportive living"
            r"|group homes?|halfway house|transitional (?:home|living|residence)"
        ),
        in_description=(
            r"(?:transitional|permanent|supportive|supported|affordable|subsidized|low-income|public"
            r"|senior) (?:supportive )?housing|eviction prevention|rental assistance|section 8"
            r"|rapid re-?housing|halfway house|group homes?|transitional (?:home|living)"
            r"|subsidized (?:apartment|and)|rental (?:housing|subsid)|(?:low|moderate)[- ]income housing"
        ),
        but_not=r"fair housing|housing (?:legal|law|court|discrimination)|animal housing",
    ),
    Words(
        "someone_to_talk_to",
        in_name=(
            r"mental (?:health|illness)|counsel|psychiatr|psycholog|psychother|behavioral health|suicide"
            r"|crisis|988\b|warm ?line|grief|bereave|support groups?|NAMI\b|depress|trauma|PTSD"
            r"|(?:family|group|individual|art|play) therapy|therap(?:ist|eutic)|emotion|survivors of"
        ),
        in_description=(
            r"mental (?:health|illness)"
            r"|(?:individual|family|group|couples|marriage|marital|crisis|grief|bereavement|trauma|peer"
            r"|pastoral|supportive|emotional|psychological)(?:,? (?:and|&|or)? ?\w+)? counsel|psychiatric"
            r"|psychotherap|behavioral health|suicide|crisis (?:line|hotline|intervention|counsel)"
            r"|support groups?|warm ?line"
        ),
        but_not=(
            r"(?:credit|debt|housing|foreclosure|legal|genetic|nutrition\w*|career|employment|job|financial"
            r"|budget|homebuyer|home ownership|mortgage|pregnancy|tax|college|academic|vocational|benefits?"
            r"|insurance|consumer|reverse mortgage|business|rehabilitation) counsel\w*"
            r"|(?:city|county|general|town|state|arts|indian|tribal) counsel|counselor at law"
            r"|pregnancy cris[ie]s|financial crisis|crisis nursery|housing crisis|fuel crisis|burn trauma"
            r"|trauma (?:center|unit)|general counsel|counsel for"
        ),
    ),
    Words(
        "stop_using",
        in_name=(
            r"substance (?:use|abuse|misuse)|addict|alcohol"
            r"|drug (?:treatment|abuse|rehab|program|dependen|free|and alcohol)|drugs?\b.{0,12}treatment|detox"
            r"|methadone|suboxone|buprenorphine|naloxone|narcan|recovery|narcotics|al-?anon|alateen"
            r"|sober(?:ing)? (?:living|house|home|cent)|sobriety|12[ -]step|twelve step|opi(?:oid|ate)"
            r"|overdose|needle exchange|syringe|harm reduction|gamblers"
        ),
        in_description=(
            r"substance (?:use|abuse|misuse) (?:treatment|therapy|counsel|services|program|recovery|disorder)"
            r"|(?:drug|alcohol|addictions?)(?: (?:and|&|or) \w+)? (?:treatment|counsel|rehab|recovery|detox)"
            r"|detox|methadone|suboxone|buprenorphine|12[ -]step"
            r"|recovery (?:house|home|program|from (?:alcohol|drug|addiction|substance))"
            r"|opi(?:oid|ate) (?:treatment|addict|depend)|chemical dependen"
            r"|(?:drug|alcohol|substance)[^.]{0,30}addict|addicted"
        ),
        but_not=(
            r"drug stores?|alcohol[- ]free|drug[- ]free (?:school|workplace)|disaster recovery"
            r"|recovery of (?:property|benefits)|document recovery|id recovery|cancer recovery|heart recovery"
            r"|tax recovery"
        ),
    ),
    Words(
        "food_clothes",
        in_name=(
            r"food|pantry|pantries|soup kitchen|meals?\b|grocer|clothing|clothes|\bWIC\b|\bSNAP\b|feeding"
            r"|kitchen|bread|nutrition program|hygiene|furniture|diaper"
        ),
        in_description=(
            r"food (?:pantry|bank|closet|baskets?|distribution|stamps|boxes|cupboard|programs?)|emergency food"
            r"|pantry|soup kitchen|(?:hot|free|daily|home[- ]delivered|congregate) meals?|groceries"
            r"|(?:free|used|emergency|gently used|offers|provides|distributes) (?:food and |food,? )?clothing"
            r"|clothes closet|clothing (?:bank|closet)"
        ),
        but_not=(
            r"seafood|food (?:safety|service (?:license|inspection|training|worker)|handler|addict|allerg)"
            r"|food industry"
        ),
    ),
    Words(
        "safe_at_home",
        in_name=(
            r"domestic (?:violence|abuse)|intimate partner|battered|family violence|dating violence"
            r"|sexual (?:assault|abuse|violence)|rape|protective (?:order|services)|traffick"
            r"|(?:elder|child|spouse|adult) abuse|stalking|safe ?house|abused (?:wom|person|spouse)"
            r"|victim(?:s|/|\b).{0,3}(?:of|assist|serv|advoc|witness)|violence against"
        ),
        in_description=(
            r"domestic (?:violence|abuse)|intimate partner|battered (?:wom|spous)|family violence"
            r"|sexual(?:ly)? (?:assault|abus)|rape crisis|protective orders?|human traffick|elder abuse"
            r"|child abuse|adult protective|child protective|peace orders?"
        ),
        but_not=r"(?:not|no) domestic violence",
    ),
    Words(
        "help_for_child",
        in_name=(
            r"child|kids?\b|youth|teens?\b|adolescent|juvenile|infants?|toddler|bab(?:y|ies)\b|head ?start"
            r"|pre-?school|preschool|foster|parent(?:s|ing|\b)|after[- ]?school|boys|girls|big brothers"
            r"|pediatric|nursery|day ?care|early intervention|runaway|student"
        ),
        in_description=(
            r"child ?care|child (?:abuse|protect|welfare|development|find)|head start|foster care|adoption"
            r"|parenting|after[- ]?school|(?:at[- ]risk|troubled|runaway|homeless|disadvantaged) youth"
            r"|juvenile|day camp|summer camp|early intervention"
            r"|(?:troubled|disturbed|delinquent),? (?:youth|adolesc|child|teens|boys|girls)"
            r"|infants and toddlers|developmental(?:ly)? (?:delay|disab)\w* children"
            r"|children with (?:disab|special|emotional|develop)"
        ),
        but_not=(
            r"adult (?:medical )?day ?care|child support|parenthood|parent company|medical day ?care"
            r"|senior day ?care|day ?care for (?:adults|seniors|the elderly)|adult children|student loans?"
            r"|child ?birth"
        ),
    ),
    Words(
        "help_for_elder",
        in_name=(
            r"seniors?\b|elder|older adults?|aging|geriatric|alzheimer|dementia|adult (?:medical )?day"
            r"|assisted living|nursing (?:home|cent|facility|and rehab)|retire|meals on wheels"
            r"|adult protective|AARP|caregiver|convalescent|ombudsman|\bhome care\b|in-home|medical day ?care"
        ),
        in_description=(
            r"(?:for|to|assist\w*|serv\w*|help\w*) (?:\w+ ){0,3}(?:seniors|senior citizens|older adults"
            r"|(?:the )?elderly|aging)|senior (?:center|citizens)|(?:frail|homebound) elder|alzheimer|dementia"
            r"|assisted living|nursing home|adult (?:medical )?day ?care|medical day ?care|elder ?care"
            r"|adult protective|older persons|ages? (?:55|60|62|65) (?:and|or) (?:older|over)"
        ),
        but_not=(
            r"(?:junior and |high school )seniors?|senior (?:high|vice|pastor|partner|staff|attorney)|managing"
            r"|packaging|imaging|engaging|encouraging|damaging|messaging"
        ),
    ),
    Words(
        "doctor_medicine",
        in_name=(
            r"clinics?\b|health (?:cent|care|dep|serv|clinic|suite|program|line)|medical|medicine|hospital"
            r"|doctor|physician|primary care|dent(?:al|ist)|pharmac|prescription|immuniz|vaccin"
            r"|nurs(?:e|ing)\b|vision (?:care|clinic|services|exam)|low vision|eye (?:care|glass|bank|clinic)"
            r"|eyeglass|HIV|AIDS\b|STD|prenatal|maternity|pregnan|family planning|planned parenthood|hospice"
            r"|urgent care|cancer|diabetes|dialysis|health\b(?! (?:educ|insur|polic))"
        ),
        in_description=(
            r"(?:medical|primary|health|dental|prenatal|urgent|vision|nursing|hospice) (?:care|services"
            r"|clinic|treatment|exam)|dental|dentist|prescription|immuniz|vaccin|physicians?\b"
            r"|health (?:center|department|clinic)|HIV (?:test|counsel|care|treat)|family planning"
            r"|pregnancy test|inpatient|outpatient (?:care|medical)|hospital\b|hearing aids?|eyeglasses"
            r"|wheelchairs? (?:loan|and)|medical equipment"
        ),
        but_not=(
            r"(?:legal|law|tax|immigration|rent|advocacy|bike|pet|spay) clinics?|mental health"
            r"|behavioral health|(?:animal|veterinary|pet) (?:hospital|clinic|medicine)|health insurance"
            r"|medical assistance|television|division|supervision|revision|medical legal|medical records"
            r"|medical day|hospitality|home health aide training|public health (?:law|policy)"
            r"|health (?:education|club|fair)s?|nursery"
        ),
    ),
    Words(
        "money_benefits",
        in_name=(
            r"financial|emergency assistance|utilit|energy|fuel|rent(?:al)? assist|cash assist|social services"
            r"|social security|benefits?\b|\bSSI\b|SSDI|medicaid|medicare|medical assistance|food stamps"
            r"|\bSNAP\b|\bTANF\b|\bTCA\b|credit|debt|tax (?:assist|prep|help|aid|credit)|payee|unemployment"
            r"|child support|salvation army|community action|veterans? (?:affairs|benefits|admin)|property tax"
            r"|health insurance|pension|vincent de paul|help fund|low[- ]income|money|budget"
        ),
        in_description=(
            r"financial (?:assistance|help|aid|counsel|support)"
            r"|(?:utility|energy|fuel|rent\w*|eviction|prescription|emergency|cash) assist"
            r"|utilit\w+ (?:bills?|turn|shut|assist|payment)|turn-?off|social security|food stamps|medicaid"
            r"|medical assistance|\bTANF\b|temporary cash|public assistance|credit counsel|debt"
            r"|tax (?:assist|prep|credit)|property tax|child support|public benefits|apply\w* for benefits"
        ),
        but_not=(
            r"financial aid|(?:home|business) energy (?:audit|efficien)|credit (?:hours|course|union|card)"
            r"|energy drink|tax[- ]exempt"
        ),
    ),
    Words(
        "work_school",
        in_name=(
            r"employ|jobs?\b|career|workforce|vocation|apprentice|\bGED\b|literacy|education"
            r"|(?:adult|trade|day|night|evening|alternative|high|special|public|charter) schools?|school for"
            r"|schools\b|colleg|tutor|\bESL\b|\bESOL\b|learning|training|one[- ]stop|academy|library|libraries"
            r"|rehabilitation services"
        ),
        in_description=(
            r"job (?:training|placement|search|readiness|development|coach|counsel|seekers|skills)"
            r"|employment (?:service|assist|training|counsel|program|opportun)|vocational"
            r"|career (?:counsel|develop|cent|train)|apprentice|\bGED\b|adult (?:basic )?education|literacy"
            r"|\bESL\b|\bESOL\b|tutor|english as a second|supported employment|workforce|degree programs?"
            r"|college|school diploma|scholarship"
        ),
        but_not=(
            r"preschool|pre-school|after[- ]?school|before and after|nursery school|employee assistance"
            r"|self[- ]employ|social work|clinical training|health education|equal employment"
            r"|childbirth (?:education|classes)|parent(?:ing)? education|legal education|work release"
            r"|school of (?:medicine|nursing|dent\w+|law|social work|pharmacy)|guard dog training|dog training"
            r"|driver education|board of education of"
        ),
    ),
    Words(
        "legal_help",
        in_name=(
            r"legal|law\b(?! enforce)|lawyer|attorney|bar (?:association|foundation)|public defender"
            r"|(?:circuit|district|drug|juvenile|family|orphans.?|teen|mental health) court|immigra|expung"
            r"|civil rights|civil liberties|justice|mediation|pro bono|pro se|litigants?|human relations"
            r"|fair housing|victim.?(?:/|s? ).{0,3}witness|consumer protection|disability rights"
            r"|conflict resolution|dispute"
        ),
        in_description=(
            r"legal (?:aid|assist|advice|represent|services|help|counsel|information|advoca)|lawyers?"
            r"|attorneys?|pro bono (?:legal|representation|program)|expung"
            r"|immigration (?:law|serv|assist|status|matter)|mediation|public defender|power of attorney"
            r"|court (?:advoca|accompan)"
        ),
        but_not=(
            r"law enforcement|by-?laws?|does not discriminat|without discriminat|attorney fees|power plant"
            r"|law school (?:admission|library)|criminal justice degree"
        ),
    ),
    Words(
        "getting_around",
        in_name=(
            r"transport|transit\b|bus (?:pass|ticket|token|service|line)|paratransit|mobility|rides?\b|taxi"
            r"|\bMTA\b|shuttle|ride[- ]?share|motor vehicle"
        ),
        in_description=(
            r"(?:provides|offers|arranges|operates|coordinates|free|medical|non-emergency|specialized"
            r"|door[- ]to[- ]door|curb[- ]to[- ]curb|senior) (?:\w+ ){0,2}transportation|paratransit"
            r"|bus (?:passes|tickets|tokens)|taxi vouchers?|rides? to"
        ),
        but_not=(
            r"upward mobility|bike rides?|therapeutic riding|department of transportation|horseback rides?"
            r"|transport of animals"
        ),
    ),
)
