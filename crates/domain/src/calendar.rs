//! The work calendar (工作日历): which days are worked, as data.
//!
//! The days come from the yearly notices of the State Council General Office and are read from lines of text, whose
//! format is described in `catalogue/calendar.txt`. Nothing is guessed silently: past the last known year every answer
//! is marked provisional, and before the first known year there is no answer.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

/// What kind of day a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// An ordinary working day (工作日).
    Working,
    /// A Saturday or Sunday worked in exchange for a holiday (调休上班).
    MakeUp,
    /// A day off that is no statutory holiday itself: a weekend, a shifted or a substitute day (休息日).
    Rest,
    /// A statutory holiday (法定节假日) by the 全国年节及纪念日放假办法.
    StatutoryHoliday,
}

impl DayKind {
    /// Whether offices work on such a day and a limit in working days counts it.
    pub fn is_worked(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp)
    }
}

/// One day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day<'a> {
    /// The civil date in the hall's zone.
    pub date: Date,
    /// Whether it is worked, and why.
    pub kind: DayKind,
    /// What the notice calls the day, such as 春节 or 春节调休; ordinary days have no name.
    pub name: Option<&'a str>,
    /// The year's notice is not known yet: the day may change when it is loaded.
    pub provisional: bool,
}

/// The last day of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The last day, civil date in the hall's zone.
    pub date: Date,
    /// The date lies past the last known year and may change when the year's notice is loaded.
    pub provisional: bool,
}

/// The work calendar (工作日历) of consecutive complete years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkCalendar {
    version: String,
    first_known_year: i16,
    /// The notice of each year, from the first known year on.
    sources: Vec<String>,
    listed: BTreeMap<Date, ListedDay>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct ListedDay {
    kind: DayKind,
    name: String,
}

impl WorkCalendar {
    /// Reads a calendar from the lines described in `catalogue/calendar.txt`.
    ///
    /// A repeated day, a gap between the years, a make-up day that is worked anyway, or a year whose days do not add up
    /// to the count it declares refuses the whole text.
    ///
    /// # Errors
    /// [`CalendarError`] with the line and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let mut reading = Reading::default();
        for (index, line) in text.lines().enumerate() {
            let at = |problem| CalendarError { line: index + 1, problem };
            reading.statement(line, index + 1).map_err(at)?;
        }
        reading.finish()
    }

    /// The name of this state of the calendar, kept with whatever was computed from it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The first year that is known in full.
    pub fn first_known_year(&self) -> i16 {
        self.first_known_year
    }

    /// The last year that is known in full; later days are provisional.
    pub fn last_known_year(&self) -> i16 {
        self.first_known_year + self.sources.len() as i16 - 1
    }

    /// The notice that arranges a known year, such as 国办发明电〔2025〕7号.
    pub fn source(&self, year: i16) -> Option<&str> {
        let index = usize::try_from(year.checked_sub(self.first_known_year)?).ok()?;
        self.sources.get(index).map(String::as_str)
    }

    /// The day of this date: listed, by its weekday, or provisional past the last known year.
    ///
    /// A provisional day is worked from Monday to Friday unless it is a statutory holiday on a fixed date: 1 January,
    /// 1 and 2 May (only 1 May before 2025), 1 to 3 October (全国年节及纪念日放假办法第二条, as revised 2024-11-10). The
    /// holidays of the lunar calendar and the shifted days are missing until the notice is loaded.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn day(&self, date: Date) -> Result<Day<'_>, OutOfCalendar> {
        if date.year() < self.first_known_year {
            return Err(OutOfCalendar::TooEarly { date, first_known_year: self.first_known_year });
        }
        let provisional = date.year() > self.last_known_year();
        let (kind, name) = match (self.listed.get(&date), fixed_holiday(date)) {
            (Some(day), _) => (day.kind, Some(day.name.as_str())),
            (None, Some(holiday)) if provisional => (DayKind::StatutoryHoliday, Some(holiday)),
            (None, _) if is_weekend(date) => (DayKind::Rest, None),
            (None, _) => (DayKind::Working, None),
        };
        Ok(Day { date, kind, name, provisional })
    }

    /// Whether offices work on this date.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn is_working_day(&self, date: Date) -> Result<bool, OutOfCalendar> {
        Ok(self.day(date)?.kind.is_worked())
    }

    /// The days after this date, in order, for ever; an error ends them at the end of time.
    pub fn days_after(&self, date: Date) -> impl Iterator<Item = Result<Day<'_>, OutOfCalendar>> {
        let mut before = Some(date);
        std::iter::from_fn(move || match before.take()?.tomorrow() {
            Ok(date) => {
                before = Some(date);
                Some(self.day(date))
            }
            Err(_) => Some(Err(OutOfCalendar::TooLate)),
        })
    }

    /// The `n`-th working day after `start`, which itself is not counted (期间开始的当日不计入): day 1 is the next
    /// working day. With `n` = 0 it is `start`, worked or not.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn add_working_days(&self, start: Date, n: u16) -> Result<Due, OutOfCalendar> {
        let mut last = self.day(start)?;
        let mut left = n;
        let mut days = self.days_after(start);
        while left > 0 {
            last = days.next().ok_or(OutOfCalendar::TooLate)??;
            left -= u16::from(last.kind.is_worked());
        }
        Ok(Due { date: last.date, provisional: last.provisional })
    }

    /// How many working days lie after `from` up to and including `to`; negative when `to` is earlier.
    ///
    /// The reverse of [`add_working_days`](Self::add_working_days): its result lies `n` working days after its start.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i32, OutOfCalendar> {
        if to < from {
            return Ok(-self.working_days_between(to, from)?);
        }
        self.day(from)?;
        let mut worked = 0;
        for day in self.days_after(from) {
            let day = day?;
            if day.date > to {
                break;
            }
            worked += i32::from(day.kind.is_worked());
        }
        Ok(worked)
    }

    /// How many working days a year has.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn working_days_in(&self, year: i16) -> Result<u16, OutOfCalendar> {
        let mut worked = 0;
        let mut date = Date::new(year, 1, 1).map_err(|_| OutOfCalendar::TooLate)?;
        while date.year() == year {
            worked += u16::from(self.is_working_day(date)?);
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        Ok(worked)
    }
}

/// A calendar while its lines are read.
#[derive(Default)]
struct Reading {
    version: Option<String>,
    years: Vec<DeclaredYear>,
    listed: BTreeMap<Date, ListedDay>,
    lines: usize,
}

struct DeclaredYear {
    year: i16,
    working_days: u16,
    source: String,
    line: usize,
}

impl Reading {
    fn statement(&mut self, line: &str, number: usize) -> Result<(), CalendarProblem> {
        self.lines = number;
        let line = line.split('#').next().unwrap_or_default().trim();
        let (word, rest) = split_word(line);
        match word {
            "" => Ok(()),
            "version" => self.version(rest),
            _ if self.version.is_none() => Err(CalendarProblem::VersionMissing),
            "year" => self.year(rest, number),
            date => self.day(date, rest),
        }
    }

    fn version(&mut self, name: &str) -> Result<(), CalendarProblem> {
        match (&self.version, name) {
            (Some(_), _) => Err(CalendarProblem::VersionRepeated),
            (None, "") => Err(CalendarProblem::VersionMissing),
            (None, name) => {
                self.version = Some(name.to_owned());
                Ok(())
            }
        }
    }

    fn year(&mut self, rest: &str, line: usize) -> Result<(), CalendarProblem> {
        let (year, rest) = split_word(rest);
        let (count, source) = split_word(rest);
        let year: i16 = year.parse().map_err(|_| CalendarProblem::NotAYear(year.to_owned()))?;
        let working_days = count.parse().map_err(|_| CalendarProblem::NotACount(count.to_owned()))?;
        if !(1949..=9000).contains(&year) {
            return Err(CalendarProblem::NotAYear(year.to_string()));
        }
        if source.is_empty() {
            return Err(CalendarProblem::SourceMissing { year });
        }
        if let Some(last) = self.years.last()
            && year != last.year + 1
        {
            return Err(CalendarProblem::YearOutOfOrder { expected: last.year + 1, found: year });
        }
        self.years.push(DeclaredYear { year, working_days, source: source.to_owned(), line });
        Ok(())
    }

    fn day(&mut self, date: &str, rest: &str) -> Result<(), CalendarProblem> {
        let (kind, name) = split_word(rest);
        let date: Date = date.parse().map_err(|_| CalendarProblem::NotADate(date.to_owned()))?;
        let kind = match kind {
            "holiday" => DayKind::StatutoryHoliday,
            "rest" => DayKind::Rest,
            "workday" => DayKind::MakeUp,
            unknown => return Err(CalendarProblem::UnknownKind(unknown.to_owned())),
        };
        if name.is_empty() {
            return Err(CalendarProblem::NameMissing { date });
        }
        if !self.years.iter().any(|known| known.year == date.year()) {
            return Err(CalendarProblem::YearNotDeclared { date });
        }
        if kind == DayKind::MakeUp && !is_weekend(date) {
            return Err(CalendarProblem::WorkedAnyway { date });
        }
        match self.listed.insert(date, ListedDay { kind, name: name.to_owned() }) {
            Some(_) => Err(CalendarProblem::DayRepeated { date }),
            None => Ok(()),
        }
    }

    fn finish(self) -> Result<WorkCalendar, CalendarError> {
        let at = |line, problem| CalendarError { line, problem };
        let version = self.version.ok_or(at(self.lines, CalendarProblem::VersionMissing))?;
        let first_known_year = self.years.first().ok_or(at(self.lines, CalendarProblem::NoYears))?.year;
        let declared: Vec<_> = self.years.iter().map(|year| (year.year, year.working_days, year.line)).collect();
        let calendar = WorkCalendar {
            version,
            first_known_year,
            sources: self.years.into_iter().map(|year| year.source).collect(),
            listed: self.listed,
        };
        for (year, declared, line) in declared {
            let counted = calendar.working_days_in(year).map_err(|_| at(line, CalendarProblem::NoYears))?;
            if counted != declared {
                return Err(at(line, CalendarProblem::DoesNotAddUp { year, declared, counted }));
            }
        }
        Ok(calendar)
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The statutory holidays on fixed dates: 全国年节及纪念日放假办法第二条, with the second day of May since 2025.
fn fixed_holiday(date: Date) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (1, 1) => Some("元旦"),
        (5, 1) => Some("劳动节"),
        (5, 2) if date.year() >= 2025 => Some("劳动节"),
        (10, 1..=3) => Some("国庆节"),
        _ => None,
    }
}

/// Why a text is no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the work calendar: {problem}")]
pub struct CalendarError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: CalendarProblem,
}

/// What is wrong with a line of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum CalendarProblem {
    /// The version has to come first.
    #[error("the version is missing")]
    VersionMissing,
    /// There is one version.
    #[error("the version is given a second time")]
    VersionRepeated,
    /// A calendar without years answers nothing.
    #[error("no year is declared")]
    NoYears,
    /// A `year` line without a year from 1949 on.
    #[error("“{0}” is not a year")]
    NotAYear(String),
    /// A `year` line without its number of working days.
    #[error("“{0}” is not a number of working days")]
    NotACount(String),
    /// A `year` line that names no notice.
    #[error("year {year} names no source")]
    SourceMissing { year: i16 },
    /// Years follow one another.
    #[error("year {found} stands where {expected} has to follow")]
    YearOutOfOrder { expected: i16, found: i16 },
    /// The days listed for a year disagree with the count its line declares.
    #[error("year {year} declares {declared} working days and has {counted}")]
    DoesNotAddUp { year: i16, declared: u16, counted: u16 },
    /// A line that opens with neither a known word nor a date.
    #[error("“{0}” is not a date")]
    NotADate(String),
    /// A kind of day other than `holiday`, `rest` and `workday`.
    #[error("“{0}” is not a kind of day")]
    UnknownKind(String),
    /// A listed day has a name.
    #[error("{date} has no name")]
    NameMissing { date: Date },
    /// A day of a year that no `year` line has declared before.
    #[error("the year of {date} is not declared above")]
    YearNotDeclared { date: Date },
    /// A make-up day from Monday to Friday.
    #[error("{date} is worked anyway")]
    WorkedAnyway { date: Date },
    /// A day that is listed twice.
    #[error("{date} is listed a second time")]
    DayRepeated { date: Date },
}

/// Why the calendar has no answer for a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfCalendar {
    /// Nothing is known of the years before the first.
    #[error("{date} lies before {first_known_year}, the first year of the work calendar")]
    TooEarly {
        /// The date that was asked for.
        date: Date,
        /// The first year that is known.
        first_known_year: i16,
    },
    /// The date lies past the last one that can be written.
    #[error("the date lies past the year 9999")]
    TooLate,
}
