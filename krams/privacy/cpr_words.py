"""What the words around a number say it is: a CPR number, or one of another kind. Pure."""

import re
from functools import cached_property

LONGEST_CONTEXT = 60
# Between the word and the number: "P-nr.: ", "EAN-nummeret er ".
_LINK = r"(?:[\W_]*(?:nr|no|nummer|numre|nummeret|kode|er|lyder)\b)*+[\W_]*$"
# "P-nr. 1003456789, 1003456790 og ": those before it are of its kind.
_OTHERS = re.compile(r"(?:\d{10}(?:[\s,;/&]|\bog\b|\beller\b|\bsamt\b)++)++$")

_CPR = re.compile(
    r"(?:\bcpr|\bcivilregister|\bpersonn(?:umme)?r|\bperson-n(?:umme)?r|\bpers\.? ?nr"
    r"|\bfødselsn(?:umme)?r)(?:\.|et)?" + _LINK
)
_MENTION = re.compile("cpr|civilreg|pers|fødselsn", re.IGNORECASE)
_BORN = re.compile(r"\b(?:født|fødselsda(?:g|to)|fødselsdagen|f\.)[\W_]*(?:den|d\.)?[\W_]*$")
_NUMBERED = re.compile(
    r"(?:\bp[-. ]{0,2}(?:nr|nummer|numre|nummeret|enhed|enheden)\b|\bpnr\b|\bproduktionsenhed\w*"
    r"|\bean\b|\bgln\b|\bcvr\b|\bse-?nr\b|\biban\b|\bkonto\w*)" + _LINK
)
_ACCOUNT = re.compile(r"\b(?:konto\w*|reg)[\W_]*(?:nr)?[\W_]*\d{4}[\W_]+$")
# "sag 0101901234" is a case that somebody named after a person: a word says that it is a number.
_CASE = re.compile(
    r"(?:\bsags?|\bj|\bjournal|\bdok|\bdokument|\besdh|\bsbsys|\bacadre)[-. ]{0,2}"
    r"(?:nr|no|nummer|numre|nummeret|id)\b" + _LINK
)
_FILED = re.compile(r"\bsag(?:en|s\w*)?\b" + _LINK)
_KLE = re.compile(r"(?:\bkle\b|\bemneplan\w*|\bemnen(?:umme)?r\w*)" + _LINK)
_PHONE = re.compile(
    r"(?:\btlf\b|\btelefon\w*|\bmobil\w*|\bmob\b|\bfax\b|\bphone\b|\blokal\w*|\+45|\b0045)" + _LINK
)
_KIND_AFTER = re.compile(r"[\s(\[,]*(?:er )?(?:p-?n(?:umme)?r|ean|gln|cvr)\b")
_UNIT_AFTER = re.compile(r"\s*(?:kr\b|dkk\b|kroner\b|,-|%|pct\b)")
_DIALLED = re.compile(r"(?:^|[^\w])\+$")


def mentions_cpr(text: str) -> bool:
    """Tell whether a word of the text may call a number one."""
    return bool(_MENTION.search(text))


class Around:
    """What stands before and after a number of ``text``; looked at when it is asked for."""

    def __init__(self, text: str, start: int, end: int):
        self._text, self._start, self._end = text, start, end

    @cached_property
    def _before(self) -> str:
        return self._text[max(0, self._start - LONGEST_CONTEXT) : self._start].lower()

    @cached_property
    def _after(self) -> str:
        return self._text[self._end : self._end + LONGEST_CONTEXT].lower()

    @property
    def says_cpr(self) -> bool:
        return bool(_CPR.search(self._before))

    @property
    def says_born(self) -> bool:
        return bool(_BORN.search(self._before))

    @property
    def says_numbered(self) -> bool:
        """A P-number, a GLN, an account, a case: numbers of ten digits and more."""
        before = _OTHERS.sub("", self._before)
        return bool(
            _NUMBERED.search(before)
            or _ACCOUNT.search(before)
            or _KIND_AFTER.match(self._after)
            or self.says_case
        )

    @property
    def says_case(self) -> bool:
        return bool(_CASE.search(self._before))

    @property
    def says_filed(self) -> bool:
        """Less than a case number: a case."""
        return self.says_case or bool(_FILED.search(self._before))

    @property
    def says_kle(self) -> bool:
        """A number of KLE, the subjects that Danish municipalities file their cases under."""
        return bool(_KLE.search(self._before))

    @property
    def says_phone(self) -> bool:
        return bool(_PHONE.search(self._before))

    @property
    def says_dialled(self) -> bool:
        return bool(_DIALLED.search(self._before))

    @property
    def says_amount(self) -> bool:
        return bool(_UNIT_AFTER.match(self._after))
