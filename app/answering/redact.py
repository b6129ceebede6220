"""Personal data out of a question, before it is embedded, stored or passed on.

E-mail addresses, telephone numbers, IBANs and payment cards become placeholders. Numbers that
visitors need to name, such as those of orders and prices, stay: what looks like neither is left
alone rather than guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SUSPECT = re.compile(r"[@＠]|\d(?:\D?\D?\d){6}|\d\w{13}")
_EMAIL = re.compile(
    r"(?:[\w.!#$%&'*+/=?^`{|}~-]{1,64}|\"[^\"\n]{1,62}\")[@＠]"
    r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}"
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}", re.ASCII | re.IGNORECASE)
_CARD = re.compile(r"(?<![\w.,])(?<!\d[ -])[2-6]\d(?:[ -]?\d){11,17}(?![\d])")
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+ ?|(?<!\d )00 ?)[1-9](?:[ ./()-]{0,3}\d){6,13}(?!\w)")
_NATIONAL = re.compile(
    r"(?<![\w.,#/-])(?<!\d )(?:"
    r"\(?0[ (-]{0,2}[1-9](?:[ ./()-]{0,2}\d){7,10}"  # a trunk zero, as most of the world dials
    r"|(?:8 ?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-](?:\d{4}|\d{2}[ .-]\d{2})"  # without
    r"|1[3-9]\d{9}"  # mobiles in China
    r")(?!\w|[., ]\d)"
)
_DATE = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_NAMES_AN_ORDER = re.compile(
    r"(?:[#№]|order|bestell|auftrag|rechnung|comman|factur|fatura|pedido|encomenda|ordin|zam[óo]wi"
    r"|faktur|sipari|заказ|замовл|طلب|سفارش|ऑर्डर|অর্ডার|订单|訂單|注文|주문|đơn|สั่งซื้อ|pesanan"
    r"|beställ|παραγγελ|הזמנ|invoice|parcel|paket|tracking)[^\d\n]{0,16}$",
    re.IGNORECASE,
)
# Length of each country's IBANs, as registered or as its banks use them.
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH CR HR LI LV",
        22: "BG BH DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "AO CV GW LY MZ PT ST",
        26: "DZ IR IS TR",
        27: "BI CF CG CM DJ FR GA GR IT KM MC MG MR SM TD",
        28: "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}


def redact(text: str) -> str:
    """Put `[email]`, `[iban]`, `[card]` and `[phone]` in place of personal data."""
    if _SUSPECT.search(text) is None:
        return text
    text = _EMAIL.sub("[email]", text)
    text = _IBAN.sub(_iban, text)
    text = _CARD.sub(_card, text)
    text = _INTERNATIONAL.sub(_unless_order(text), text)
    return _NATIONAL.sub(_unless_order(text), text)


def _iban(match: re.Match[str]) -> str:
    found = match.group()
    length = _IBAN_LENGTHS.get(found[:2].upper())
    if length is None:
        return found
    # The pattern runs on into the words after the number: the country says where it ends.
    taken, end = [], 0
    for end, character in enumerate(found, start=1):  # noqa: B007 - used after the loop
        if character.isalnum():
            taken.append(character)
        if len(taken) == length:
            break
    rest = found[end:]
    if len(taken) < length or rest[:1].isalnum() or not _is_iban("".join(taken)):
        return found
    return f"[iban]{rest}"


def _is_iban(compact: str) -> bool:
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def _card(match: re.Match[str]) -> str:
    digits = [int(character) for character in match.group() if character.isdigit()]
    doubled = (digit * 2 for digit in digits[-2::-2])
    total = sum(digits[-1::-2]) + sum(value - 9 if value > 9 else value for value in doubled)
    return "[card]" if total % 10 == 0 and len(set(digits)) > 1 else match.group()


def _unless_order(text: str) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - 32) : match.start()]
        if _DATE.search(match.group()) or _NAMES_AN_ORDER.search(before):
            return match.group()
        return "[phone]"

    return replace
