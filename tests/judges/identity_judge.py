"""Reads lines `citizen|credit NUMBER …` and prints `citizen|credit NUMBER VERDICT` as python-stdnum (PyPI) sees it.

The verdict is 1, 0, or `1?` where everything but the table is right: a division that the judge's table does not have for
that year of birth, or a registering department with a letter, which the judge does not know.
"""

import sys
from datetime import datetime

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent, InvalidFormat, ValidationError


def citizen(number):
    try:
        ric.validate(number)
    except InvalidComponent:
        # The birth date and the division are checked after the check character.
        return "1?" if is_date(number[6:14]) else "0"
    except ValidationError:
        return "0"
    return "1"


def credit(number):
    try:
        uscc.validate(number)
    except InvalidFormat:
        known = len(number) == 18 and number[2:8].isdigit() and set(number) <= set(uscc._alphabet)
        return "1?" if known and number[-1] == uscc.calc_check_digit(number[:-1]) else "0"
    except ValidationError:
        return "0"
    return "1"


def is_date(digits):
    try:
        datetime.strptime(digits, "%Y%m%d")
    except ValueError:
        return False
    return True


for line in sys.stdin:
    kind, number, *_ = line.split()
    print(kind, number, {"citizen": citizen, "credit": credit}[kind](number))
