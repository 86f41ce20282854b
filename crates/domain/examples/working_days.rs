//! Prints `YYYY-MM-DD 1|0` for every day of the known years of the catalogue's calendar, 1 for a working day.
//! `tests/judges/compare` holds this against two independent calendars.

use std::error::Error;
use std::io::Write;

use jiff::civil::date;
use yichuang_domain::calendar::WorkCalendar;

fn main() -> Result<(), Box<dyn Error>> {
    let calendar = WorkCalendar::parse(include_str!("../../../catalogue/calendar.txt"))?;
    let mut out = std::io::stdout().lock();
    let mut day = date(calendar.first_known_year(), 1, 1);
    while day.year() <= calendar.last_known_year() {
        writeln!(out, "{day} {}", u8::from(calendar.is_working_day(day)?))?;
        day = day.tomorrow()?;
    }
    Ok(())
}
