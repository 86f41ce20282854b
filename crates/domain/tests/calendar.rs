//! The work calendar as it stands in the catalogue, and as others may break it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use insta::assert_snapshot;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use yichuang_domain::calendar::{CalendarProblem, DayKind, Due, OutOfCalendar, WorkCalendar};

const TEXT: &str = include_str!("../../../catalogue/calendar.txt");

fn calendar() -> WorkCalendar {
    WorkCalendar::parse(TEXT).unwrap()
}

fn problem(text: &str) -> (usize, CalendarProblem) {
    let error = WorkCalendar::parse(text).unwrap_err();
    (error.line, error.problem)
}

#[test]
fn four_years_have_the_working_days_that_two_other_calendars_count() {
    let calendar = calendar();
    let years = [2023, 2024, 2025, 2026];
    let counts = years.map(|year| calendar.working_days_in(year).unwrap());
    assert_eq!(counts, [249, 251, 248, 248]);
    assert_eq!((calendar.first_known_year(), calendar.last_known_year()), (2023, 2026));
}

#[test]
fn each_year_has_the_statutory_holidays_that_the_law_of_its_time_gives() {
    let calendar = calendar();
    let statutory = |year| {
        let days = calendar.days_after(date(year, 1, 1)).map(Result::unwrap);
        let others =
            days.take_while(|day| day.date.year() == year).filter(|day| day.kind == DayKind::StatutoryHoliday).count();
        1 + others // New Year's Day itself
    };
    // The revision of November 2024 added New Year's Eve and 2 May.
    assert_eq!([2023, 2024, 2025, 2026].map(statutory), [11, 11, 13, 13]);
}

#[test]
fn a_known_day_has_a_kind_and_a_name() {
    let calendar = calendar();
    let shown = |date: Date| {
        let day = calendar.day(date).unwrap();
        format!("{date} {:?} {:?} {}", day.kind, day.name, day.provisional)
    };
    let days = [
        date(2026, 2, 13),
        date(2026, 2, 14),
        date(2026, 2, 15),
        date(2026, 2, 16),
        date(2026, 2, 20),
        date(2026, 3, 1),
    ];
    assert_snapshot!(days.map(shown).join("\n"), @r#"
    2026-02-13 Working None false
    2026-02-14 MakeUp Some("春节调休") false
    2026-02-15 Rest Some("春节假期") false
    2026-02-16 StatutoryHoliday Some("春节") false
    2026-02-20 Rest Some("春节假期") false
    2026-03-01 Rest None false
    "#);
}

#[test]
fn each_known_year_names_its_notice() {
    let calendar = calendar();
    assert!(calendar.source(2026).unwrap().starts_with("国办发明电〔2025〕7号"));
    assert_eq!(calendar.source(2022), None);
    assert_eq!(calendar.source(2027), None);
    assert_eq!(calendar.version(), "2026.1");
}

#[test]
fn the_first_day_is_not_counted() {
    let due = |start, n| calendar().add_working_days(start, n).unwrap();
    let known = |date| Due { date, provisional: false };
    // Friday the 13th, the make-up Saturday, then nine days of Spring Festival.
    assert_eq!(due(date(2026, 2, 13), 1), known(date(2026, 2, 14)));
    assert_eq!(due(date(2026, 2, 13), 2), known(date(2026, 2, 24)));
    // Received on a day off.
    assert_eq!(due(date(2026, 2, 16), 1), known(date(2026, 2, 24)));
    assert_eq!(due(date(2026, 2, 16), 0), known(date(2026, 2, 16)));
}

#[test]
fn past_the_last_known_year_a_date_is_provisional_and_misses_only_the_fixed_holidays() {
    let calendar = calendar();
    let due = calendar.add_working_days(date(2026, 12, 31), 1).unwrap();
    assert_eq!(due, Due { date: date(2027, 1, 4), provisional: true });

    let holidays: Vec<_> = calendar
        .days_after(date(2026, 12, 31))
        .map(Result::unwrap)
        .take_while(|day| day.date.year() == 2027)
        .filter(|day| day.kind == DayKind::StatutoryHoliday)
        .map(|day| format!("{} {} {}", day.date, day.name.unwrap(), day.provisional))
        .collect();
    assert_snapshot!(holidays.join("\n"), @r"
    2027-01-01 元旦 true
    2027-05-01 劳动节 true
    2027-05-02 劳动节 true
    2027-10-01 国庆节 true
    2027-10-02 国庆节 true
    2027-10-03 国庆节 true
    ");
}

#[test]
fn before_the_first_known_year_there_is_no_answer() {
    let early = date(2022, 12, 31);
    let refused = OutOfCalendar::TooEarly { date: early, first_known_year: 2023 };
    assert_eq!(calendar().day(early), Err(refused));
    assert_eq!(calendar().add_working_days(early, 5), Err(refused));
    assert_eq!(calendar().working_days_between(date(2023, 1, 9), early), Err(refused));
    assert_eq!(calendar().add_working_days(Date::MAX, 1), Err(OutOfCalendar::TooLate));
}

#[test]
fn a_calendar_that_contradicts_itself_is_refused_with_its_line() {
    let year = "version x\nyear 2026 261 notice\n";
    let with = |line: &str| problem(&format!("{year}{line}"));
    let monday = date(2026, 2, 16);

    assert_eq!(problem(""), (0, CalendarProblem::VersionMissing));
    assert_eq!(problem("# nothing\nversion x"), (2, CalendarProblem::NoYears));
    assert_eq!(problem("year 2026 261 n"), (1, CalendarProblem::VersionMissing));
    assert_eq!(problem("version x\nversion y"), (2, CalendarProblem::VersionRepeated));
    assert_eq!(problem("version x\nyear 2026 261"), (2, CalendarProblem::SourceMissing { year: 2026 }));
    assert_eq!(problem("version x\nyear MMXXVI 261 n"), (2, CalendarProblem::NotAYear("MMXXVI".into())));
    assert_eq!(problem("version x\nyear 2026 many n"), (2, CalendarProblem::NotACount("many".into())));
    assert_eq!(with("year 2028 260 n"), (3, CalendarProblem::YearOutOfOrder { expected: 2027, found: 2028 }));
    assert_eq!(with("2026-02-30 holiday 春节"), (3, CalendarProblem::NotADate("2026-02-30".into())));
    assert_eq!(with("2026-02-16 feast 春节"), (3, CalendarProblem::UnknownKind("feast".into())));
    assert_eq!(with("2026-02-16 holiday"), (3, CalendarProblem::NameMissing { date: monday }));
    assert_eq!(with("2026-02-16 workday 春节"), (3, CalendarProblem::WorkedAnyway { date: monday }));
    assert_eq!(with("2027-02-16 rest 春节"), (3, CalendarProblem::YearNotDeclared { date: date(2027, 2, 16) }));
    let repeated = with("2026-02-16 holiday 春节\n2026-02-16 rest 春节");
    assert_eq!(repeated, (4, CalendarProblem::DayRepeated { date: monday }));
    let short = with("2026-02-16 holiday 春节");
    let counted = CalendarProblem::DoesNotAddUp { year: 2026, declared: 261, counted: 260 };
    assert_eq!(short, (2, counted));
    let said = WorkCalendar::parse("version x\nyear 2026 250 notice").unwrap_err();
    assert_snapshot!(said, @"line 2 of the work calendar: year 2026 declares 250 working days and has 261");
}

/// Removing any single line of the catalogue that says something makes it add up no longer.
#[test]
fn no_day_can_get_lost_from_the_catalogue_unless_it_is_a_weekend_anyway() {
    let lines: Vec<&str> = TEXT.lines().collect();
    for lost in 0..lines.len() {
        let line = lines[lost];
        let Some(Ok(day)) = line.split(' ').next().map(str::parse::<Date>) else {
            continue;
        };
        let weekend = matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
        let rest: Vec<&str> = [&lines[..lost], &lines[lost + 1..]].concat();
        let read = WorkCalendar::parse(&rest.join("\n"));
        assert_eq!(read.is_ok(), weekend && !line.contains("workday"), "{line}");
    }
}

fn days() -> impl Strategy<Value = Date> {
    (0..365 * 8).prop_map(|n| date(2023, 1, 1) + jiff::Span::new().days(n))
}

proptest! {
    #[test]
    fn counting_between_is_the_reverse_of_adding(start in days(), n in 1u16..300) {
        let calendar = calendar();
        let due = calendar.add_working_days(start, n).unwrap();
        prop_assert!(calendar.is_working_day(due.date).unwrap());
        prop_assert_eq!(calendar.working_days_between(start, due.date).unwrap(), i32::from(n));
        prop_assert_eq!(calendar.working_days_between(due.date, start).unwrap(), -i32::from(n));
        prop_assert_eq!(due.provisional, due.date.year() > 2026);
    }

    #[test]
    fn adding_in_two_steps_is_adding_at_once(start in days(), first in 1u16..60, second in 1u16..60) {
        let calendar = calendar();
        let half = calendar.add_working_days(start, first).unwrap();
        let twice = calendar.add_working_days(half.date, second).unwrap();
        prop_assert_eq!(twice, calendar.add_working_days(start, first + second).unwrap());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(version|year|[0-9]{4}-[0-9]{2}-[0-9]{2}|holiday|rest|[ \n#春]|[0-9]{1,5}){0,30}") {
        let _ = WorkCalendar::parse(&text);
    }
}
