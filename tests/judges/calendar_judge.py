"""Prints `YYYY-MM-DD 1|0` for every day of 2023-2026, 1 for a working day, as chinesecalendar (PyPI) sees it."""

from datetime import date, timedelta

from chinese_calendar import is_workday

day = date(2023, 1, 1)
while day.year <= 2026:
    print(day, int(is_workday(day)))
    day += timedelta(days=1)
