"""Texts with made-up CPR numbers, and texts with numbers that are none.

Nobody's number is in them: dates and digits come from a random generator with a fixed seed. It
knows how people write, and nothing of how the guard reads.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator

SEED, EACH = 20261130, 60

Maker = Callable[[random.Random], str]

AROUND = [
    "{}", "{}.", "({})", "Ring til {} i morgen.", "Beboeren {} var med på gåturen", "CPR {}",
    "cpr-nr.: {}", "Tlf. 20 11 40 50, {}", "sag {}", "Aftale den 3/12 med {} kl. 14", "nr {} er",
    "Stue 4: {}", "»{}«", "Tre deltog:\n{}\nog to blev hjemme", "{} {{navn}} deltog", "x{}y", "#{}",
    "https://intranet.example/sag/{}", "12 deltog. {}", "Mødet 28.11.26 kl. 14.30 om {}",
]  # fmt: skip
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u2066"
BLANKS = " \t\u00a0\u2002\u2007\u2009\u202f\u3000"
ZEROES = (0x0030, 0xFF10, 0x0660, 0x06F0, 0x0966, 0x1D7CE, 0x1D7F6)


def _day(source: random.Random, *, first: int = 1905, last: int = 2018) -> dt.date:
    return dt.date(first, 1, 1) + dt.timedelta(days=source.randrange(365 * (last - first)))


def _number(source: random.Random, *, full: bool = False) -> tuple[str, str, str, str]:
    """Day, month, year and the four digits; one in ten is a stand-in number, its day plus 60."""
    day = _day(source)
    number = day.day + (60 if source.random() < 0.1 else 0)
    year = f"{day.year}" if full else f"{day.year % 100:02}"
    return f"{number:02}", f"{day.month:02}", year, f"{source.randrange(10_000):04}"


def _joined(between: str, *, full: bool = False) -> Maker:
    """``between`` has the signs of the three gaps; "_" is a random blank, "~" a random dash."""

    def make(source: random.Random) -> str:
        gaps = [
            "".join({"_": source.choice(BLANKS), "~": source.choice(DASHES)}.get(s, s) for s in gap)
            for gap in between.split("|")
        ]
        parts = _number(source, full=full)
        return "".join(f"{part}{gap}" for part, gap in zip(parts, [*gaps, ""], strict=True))

    return make


def _short(source: random.Random) -> str:
    """1.1.90-1234"""
    day = _day(source).replace(day=source.randrange(1, 10), month=source.randrange(1, 10))
    sign = source.choice("./-")
    year = day.year if source.random() < 0.4 else f"{day.year % 100:02}"
    behind = source.choice(["-", " - ", "/"])
    return f"{day.day}{sign}{day.month}{sign}{year}{behind}{source.randrange(10_000):04}"


def _halves(source: random.Random) -> str:
    day, month, year, rest = _number(source)
    return f"{day}{month}{year}{source.choice('- ./')}{rest[:2]}{source.choice(' .-')}{rest[2:]}"


def _pairs(source: random.Random) -> str:
    day, month, year, rest = _number(source)
    return source.choice([" ", "-", "\u00a0"]).join([day, month, year, rest[:2], rest[2:]])


def _hidden(source: random.Random) -> str:
    number = "".join(_number(source))
    return "".join(one + source.choice(["", source.choice(HIDDEN)]) for one in number)


def _other_digits(source: random.Random) -> str:
    day, month, year, rest = _number(source)
    zero = source.choice(ZEROES[1:])
    text = f"{day}{month}{year}{source.choice(['', '-', ' ', chr(0xFF0D)])}{rest}"
    return "".join(chr(zero + int(one)) if one.isdigit() else one for one in text)


def _spelled(source: random.Random) -> str:
    day, month, year, rest = _number(source)
    return f"{' '.join(day + month + year)} - {' '.join(rest)}"


def _many_blanks(source: random.Random) -> str:
    day, month, year, rest = _number(source)
    gap = source.choice(" \t") * source.randrange(4, 30)
    return f"{day}{month}{year}{gap}{rest}"


def _line_break(source: random.Random) -> str:
    day, month, year, rest = _number(source, full=source.random() < 0.3)
    gap = source.choice(["\n", "\r\n", "-\n", " \n ", "\n\n", "\u2028", "-\r\n"])
    return f"{day}{month}{year}{gap}{rest}"


POSITIVE: dict[str, Maker] = {
    "ddmmåå-xxxx, alle bindestreger": _joined("||~"),
    "ddmmååxxxx": _joined("||"),
    "ddmmåå xxxx, alle mellemrum": _joined("||_"),
    "ddmmåå - xxxx": _joined("||_~_"),
    "ddmmåå,xxxx": _joined("||,"),
    "ddmmåå:xxxx": _joined("||:"),
    "ddmmåå.xxxx": _joined("||."),
    "ddmmåå/xxxx": _joined("||/"),
    "ddmmåå_xxxx": lambda source: _joined("||")(source)[:6] + "_" + _joined("||")(source)[6:],
    "dd.mm.åå-xxxx": _joined(".|.|~"),
    "dd/mm/åå-xxxx": _joined("/|/|-"),
    "dd-mm-åå-xxxx": _joined("-|-|-"),
    "dd mm åå xxxx": _joined("_|_|_"),
    "dd mm åå-xxxx": _joined(" | |-"),
    "ddmm åå xxxx": _joined("| | "),
    "dd-mm-åååå-xxxx": _joined("-|-|-", full=True),
    "dd.mm.åååå-xxxx": _joined(".|.|~", full=True),
    "dd/mm/åååå xxxx": _joined("/|/| ", full=True),
    "ddmmåååå-xxxx": _joined("||~", full=True),
    "ddmmååååxxxx": _joined("||", full=True),
    "d.m.åå-xxxx": _short,
    "ddmmåå-xx xx": _halves,
    "dd mm åå xx xx": _pairs,
    "usynlige tegn imellem": _hidden,
    "andre skrifters cifre": _other_digits,
    "d d m m å å - x x x x": _spelled,
    "fire mellemrum og flere": _many_blanks,
    "linjeskift imellem": _line_break,
}


def _eight(source: random.Random) -> str:
    return f"{source.choice('23456789')}{source.randrange(10_000_000):07}"


def _phone(source: random.Random) -> str:
    digits = _eight(source)
    spaced = " ".join(digits[at : at + 2] for at in range(0, 8, 2))
    lead = source.choice(["tlf. ", "Telefon: ", "+45 ", "+45", "0045 ", "mobil ", ""])
    return lead + source.choice([digits, spaced, f"{digits[:4]} {digits[4:]}"])


def _phones(source: random.Random) -> str:
    return source.choice([" / ", " eller ", ", ", " "]).join(
        [_phone(source).lstrip("+"), _phone(source).lstrip("+")]
    )


def _at_work(source: random.Random) -> dt.date:
    return _day(source, first=2022, last=2032)


def _moment(source: random.Random) -> str:
    day, hour = _at_work(source), f"{source.randrange(7, 22):02}"
    minute = source.choice(["00", "15", "30", "45"])
    date = source.choice(
        [f"{day:%d.%m.%y}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", f"{day:%d/%m/%y}"]
    )
    time = source.choice([f"{hour}{minute}", f"{hour}.{minute}", f"{hour}:{minute}"])
    until = source.choice(["", "", f"-{hour}.45"]) if "." in time else ""
    return f"{date}{source.choice([' ', ' kl. ', ', '])}{time}{until}"


def _range(source: random.Random) -> str:
    day = _at_work(source)
    end = day + dt.timedelta(days=source.randrange(1, 300))
    return source.choice(
        [
            f"{day:%d.%m}-{end:%d.%m.%Y}", f"{day:%d.%m.%y}-{end:%d.%m.%y}",
            f"{day.day}.-{end:%d.%m.%Y}", f"{day:%d.%m.%Y} - {end:%d.%m.%Y}",
            f"{day.day}/{day.month}-{end.day}/{end.month} {end.year}", f"{day:%Y-%m-%d}",
        ]
    )  # fmt: skip


def _case(source: random.Random) -> str:
    year, long = source.randrange(2012, 2028), f"{source.randrange(10**10):010}"
    subject = f"{source.randrange(27, 30)}.{source.randrange(100):02}.00-P{source.randrange(40):02}"
    return source.choice(
        [
            f"sagsnr. {year}-{source.randrange(1_000_000):06}",
            f"Sag {year % 100:02}/{source.randrange(100_000)}",
            f"j.nr. {long}",
            f"{subject}-{source.randrange(200)}-{year % 100}",
            f"journalnr.: {long}",
        ]
    )


def _kle(source: random.Random) -> str:
    group = f"{source.randrange(100):02}.{source.randrange(100):02}.{source.randrange(100):02}"
    return source.choice([f"KLE {group}", f"KLE-nr. {group} {source.randrange(2015, 2028)}", group])


def _production(source: random.Random) -> str:
    numbers = [f"1{source.randrange(10**9):09}" for _ in range(source.randrange(1, 4))]
    word = source.choice(["P-nr. ", "P-nummer: ", "p-numre ", "Produktionsenhed ", "P-enhed nr. "])
    return word + source.choice([", ", " og "]).join(numbers)


def _ean(source: random.Random) -> str:
    digits = f"5790{source.randrange(10**9):09}"
    spaced = f"{digits[:4]} {digits[4:8]} {digits[8:]}"
    return source.choice(["EAN ", "EAN-nr. ", "GLN: ", ""]) + source.choice([digits, spaced])


def _cvr(source: random.Random) -> str:
    digits = _eight(source)
    return f"{source.choice(['CVR ', 'CVR-nr. ', 'cvr: '])}{digits}"


def _amount(source: random.Random) -> str:
    value = source.randrange(1_000, 2_000_000)
    dotted = f"{value:,}".replace(",", ".")
    return source.choice(
        [f"{dotted} kr.", f"{dotted},{source.randrange(100):02} kr.", f"{value} kr."]
    )


def _counts(source: random.Random) -> str:
    return source.choice([", ", "; "]).join(
        str(source.randrange(2000)) for _ in range(source.randrange(3, 9))
    )


def _years(source: random.Random) -> str:
    first = source.randrange(2008, 2026)
    return source.choice([", ", " ", "-", "/"]).join(
        str(first + n) for n in range(source.randrange(2, 5))
    )


def _few_digits(source: random.Random) -> str:
    return source.choice(
        [
            f"§ {source.randrange(60, 120)}, stk. {source.randrange(1, 4)}",
            f"uge {source.randrange(1, 53)} kl. {source.randrange(7, 12)}.00-13.30",
            f"{source.randrange(1000, 9990)} By", f"lokale {source.randrange(400)}",
            f"kost {source.randrange(100)} %, rygning {source.randrange(100)} %",
            f"SEL § {source.randrange(60, 120)} og {source.randrange(60, 120)}, 2026",
        ]
    )  # fmt: skip


def _impossible(source: random.Random) -> str:
    """Ten digits that begin with no date."""
    day, month = source.choice([(32, 1), (0, 5), (45, 6), (12, 13), (30, 2), (31, 4), (92, 3)])
    date = f"{day:02}{month:02}{source.randrange(100):02}"
    return f"{date}{source.choice(['-', '', ' '])}{source.randrange(10_000):04}"


def _long(source: random.Random) -> str:
    return f"{source.randrange(10**10, 10**11)}{source.choice(['', '00', '123'])}"


NEGATIVE: dict[str, Maker] = {
    "telefonnumre": _phone,
    "to telefonnumre": _phones,
    "dato og klokkeslæt": _moment,
    "perioder": _range,
    "sagsnumre": _case,
    "KLE-numre": _kle,
    "P-numre": _production,
    "EAN-numre": _ean,
    "CVR-numre": _cvr,
    "beløb": _amount,
    "rækker af tal": _counts,
    "årstal": _years,
    "andre tal": _few_digits,
    "umulige datoer": _impossible,
    "længere numre": _long,
}
QUIET = [
    "{}", "{}.", "({})", "Se {} for mere.", "Aftalt: {}", "Vi noterer {} i referatet", "Møde {}",
    "12 deltog i uge 48. {}", "Som før\n{}\nog videre", "Kontakt: {} i dagtimerne",
]  # fmt: skip


def corpus(each: int = EACH, seed: int = SEED) -> Iterator[tuple[bool, str, str]]:
    """Whether a CPR number is in it, how it is written, and the text."""
    source = random.Random(seed)
    for is_cpr, makers, around in ((True, POSITIVE, AROUND), (False, NEGATIVE, QUIET)):
        for kind, make in makers.items():
            for _ in range(each if is_cpr else 2 * each):
                yield is_cpr, kind, source.choice(around).format(make(source))
