//! Legal clocks over the real calendar of 2026.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use insta::assert_snapshot;
use jiff::civil::{Date, date, time};
use jiff::{Span, Timestamp};
use proptest::prelude::*;
use yichuang_domain::calendar::{OutOfCalendar, WorkCalendar};
use yichuang_domain::clock::*;

fn calendar() -> WorkCalendar {
    WorkCalendar::parse(include_str!("../../../catalogue/calendar.txt")).unwrap()
}

fn at(date: Date, hour: i8) -> Timestamp {
    hall_moment(date, time(hour, 0, 0, 0)).unwrap()
}

fn basis() -> Article {
    Article::unverified("某办法", "第十条")
}

fn promised(budget: Budget, started: Date) -> Clock {
    Clock::start(ClockRule::promised(budget, basis()), at(started, 10))
}

fn statutory(budget: Budget, started: Date) -> Clock {
    Clock::start(ClockRule::statutory(budget, basis()), at(started, 10))
}

fn pause(from: Date, until: Option<Date>) -> Pause {
    let article = Article::unverified("中华人民共和国行政许可法", "第四十五条");
    let notice_number = NoticeNumber::new("云审特〔2026〕3号").unwrap();
    Pause { kind: PauseKind::Testing, article, notice_number, from, until }
}

fn due(clock: &Clock) -> Date {
    clock.due(&calendar(), OfficeHours::USUAL).unwrap().date
}

fn light(clock: &Clock, today: Date) -> Light {
    clock.light(today, &calendar()).unwrap()
}

/// The explanation as a clerk could read it, one day a line.
fn explained(clock: &Clock, until: Date) -> String {
    let days = clock.explain(&calendar(), until).unwrap();
    let line = |day: ExplainedDay| {
        let counted = day.counted.map_or("-".to_owned(), |n| n.to_string());
        let why = match day.why {
            Why::Paused { kind, notice_number } => format!("Paused {kind:?} {notice_number}"),
            why => format!("{why:?}"),
        };
        let name = day.name.unwrap_or_default();
        let provisional = if day.provisional { " provisional" } else { "" };
        format!("{} {counted:>2} {why} ({:?} {name}){provisional}", day.date, day.kind)
    };
    days.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_date_is_the_date_in_the_hall_not_in_the_computer() {
    let late_in_london: Timestamp = "2026-02-13T16:00:00Z".parse().unwrap();
    assert_eq!(hall_datetime(late_in_london), date(2026, 2, 14).at(0, 0, 0, 0));
    assert_eq!(hall_date(late_in_london), date(2026, 2, 14));
    assert_eq!(hall_date(late_in_london - Span::new().nanoseconds(1)), date(2026, 2, 13));
}

#[test]
fn intake_ends_with_the_office_hours_of_the_fifth_working_day() {
    let clock = Clock::start(ClockRule::licence_intake(), at(date(2026, 3, 2), 9));
    let due = clock.due(&calendar(), OfficeHours::USUAL).unwrap();
    assert_eq!(due.date, date(2026, 3, 9));
    assert_eq!(due.at.to_string(), "2026-03-09T09:30:00Z");
    assert!(!due.provisional && !due.standing);
}

#[test]
fn a_deadline_across_spring_festival_explains_itself_day_by_day() {
    let clock = promised(Budget::WorkingDays(5), date(2026, 2, 12));
    assert_eq!(due(&clock), date(2026, 2, 26));
    assert_snapshot!(explained(&clock, date(2026, 2, 27)), @r"
    2026-02-12  - DayOfEvent (Working )
    2026-02-13  1 Counted (Working )
    2026-02-14  2 Counted (MakeUp 春节调休)
    2026-02-15  - NotWorked (Rest 春节假期)
    2026-02-16  - NotWorked (StatutoryHoliday 春节)
    2026-02-17  - NotWorked (StatutoryHoliday 春节)
    2026-02-18  - NotWorked (StatutoryHoliday 春节)
    2026-02-19  - NotWorked (StatutoryHoliday 春节)
    2026-02-20  - NotWorked (Rest 春节假期)
    2026-02-21  - NotWorked (Rest 春节假期)
    2026-02-22  - NotWorked (Rest 春节假期)
    2026-02-23  - NotWorked (Rest 春节假期)
    2026-02-24  3 Counted (Working )
    2026-02-25  4 Counted (Working )
    2026-02-26  5 LastDay (Working )
    2026-02-27  6 Overdue (Working )
    ");
}

#[test]
fn a_pause_is_explained_with_its_notice_and_moves_the_deadline_by_its_working_days() {
    let mut clock = statutory(Budget::WorkingDays(4), date(2026, 3, 2));
    assert_eq!(due(&clock), date(2026, 3, 6));
    clock.pauses.push(pause(date(2026, 3, 4), Some(date(2026, 3, 10))));
    assert_eq!(due(&clock), date(2026, 3, 12));
    assert_snapshot!(explained(&clock, date(2026, 3, 12)), @r"
    2026-03-02  - DayOfEvent (Working )
    2026-03-03  1 Counted (Working )
    2026-03-04  - Paused Testing 云审特〔2026〕3号 (Working )
    2026-03-05  - Paused Testing 云审特〔2026〕3号 (Working )
    2026-03-06  - Paused Testing 云审特〔2026〕3号 (Working )
    2026-03-07  - Paused Testing 云审特〔2026〕3号 (Rest )
    2026-03-08  - Paused Testing 云审特〔2026〕3号 (Rest )
    2026-03-09  - Paused Testing 云审特〔2026〕3号 (Working )
    2026-03-10  2 Counted (Working )
    2026-03-11  3 Counted (Working )
    2026-03-12  4 LastDay (Working )
    ");
}

#[test]
fn natural_days_count_holidays_but_do_not_end_on_one() {
    let clock = promised(Budget::NaturalDays(7), date(2026, 2, 12));
    assert_eq!(due(&clock), date(2026, 2, 24));
    assert_snapshot!(explained(&clock, date(2026, 2, 25)), @r"
    2026-02-12  - DayOfEvent (Working )
    2026-02-13  1 Counted (Working )
    2026-02-14  2 Counted (MakeUp 春节调休)
    2026-02-15  3 Counted (Rest 春节假期)
    2026-02-16  4 Counted (StatutoryHoliday 春节)
    2026-02-17  5 Counted (StatutoryHoliday 春节)
    2026-02-18  6 Counted (StatutoryHoliday 春节)
    2026-02-19  7 Counted (StatutoryHoliday 春节)
    2026-02-20  - MovedOn (Rest 春节假期)
    2026-02-21  - MovedOn (Rest 春节假期)
    2026-02-22  - MovedOn (Rest 春节假期)
    2026-02-23  - MovedOn (Rest 春节假期)
    2026-02-24  - LastDay (Working )
    2026-02-25  8 Overdue (Working )
    ");
    assert_eq!(due(&promised(Budget::NaturalDays(7), date(2026, 3, 2))), date(2026, 3, 9));
}

#[test]
fn a_pause_that_ends_on_its_first_day_moves_nothing() {
    let mut clock = statutory(Budget::WorkingDays(4), date(2026, 3, 2));
    let day = date(2026, 3, 4);
    clock.pauses.push(pause(day, Some(day)));
    assert_eq!(due(&clock), date(2026, 3, 6));
}

#[test]
fn pauses_that_overlap_count_once() {
    let mut clock = statutory(Budget::WorkingDays(4), date(2026, 3, 2));
    clock.pauses.push(pause(date(2026, 3, 4), Some(date(2026, 3, 10))));
    clock.pauses.push(pause(date(2026, 3, 5), Some(date(2026, 3, 10))));
    assert_eq!(due(&clock), date(2026, 3, 12));
}

#[test]
fn while_a_clock_stands_its_light_does_not_change_and_its_end_is_only_the_earliest_possible() {
    let mut clock = statutory(Budget::WorkingDays(4), date(2026, 3, 2));
    clock.pauses.push(pause(date(2026, 3, 4), None));
    let deadline = clock.due(&calendar(), OfficeHours::USUAL).unwrap();
    assert!(deadline.standing);
    assert_eq!(deadline.date, date(2026, 3, 6));
    assert_eq!(light(&clock, date(2026, 4, 30)), Light::Normal);
    assert_eq!(clock.days_left(date(2026, 4, 30), &calendar()), Ok(3));
    assert!(explained(&clock, date(2026, 4, 30)).lines().last().unwrap().contains("Paused"));

    clock.pauses = vec![pause(date(2026, 3, 11), None)];
    assert_eq!(light(&clock, date(2026, 4, 30)), Light::Red, "it was late before it stood still");
}

#[test]
fn a_clock_warns_when_a_fifth_or_one_working_day_is_left() {
    let long = statutory(Budget::WorkingDays(20), date(2026, 3, 2));
    assert_eq!(due(&long), date(2026, 3, 30));
    assert_eq!(light(&long, date(2026, 3, 2)), Light::Normal);
    assert_eq!(light(&long, date(2026, 3, 23)), Light::Normal, "five of twenty are left");
    assert_eq!(light(&long, date(2026, 3, 24)), Light::Warning, "four of twenty are left");
    assert_eq!(light(&long, date(2026, 3, 30)), Light::Warning);

    let short = statutory(Budget::WorkingDays(3), date(2026, 3, 2));
    assert_eq!(light(&short, date(2026, 3, 3)), Light::Normal);
    assert_eq!(light(&short, date(2026, 3, 4)), Light::Warning, "one is left");

    let natural = promised(Budget::NaturalDays(10), date(2026, 2, 5));
    assert_eq!(due(&natural), date(2026, 2, 24));
    let eve = date(2026, 2, 14);
    assert_eq!(light(&natural, eve), Light::Warning, "one natural day and one working day are left");
}

#[test]
fn the_kind_of_a_clock_decides_the_colour_of_being_late() {
    let late = date(2026, 3, 10);
    let limit = Budget::WorkingDays(5);
    assert_eq!(light(&promised(limit, date(2026, 3, 2)), late), Light::Yellow);
    assert_eq!(light(&statutory(limit, date(2026, 3, 2)), late), Light::Red);
    let intake = Clock::start(ClockRule::licence_intake(), at(date(2026, 3, 2), 10));
    assert_eq!(light(&intake, late), Light::Red);
    assert_eq!(light(&intake, date(2026, 3, 9)), Light::Warning, "the last day is in time");
    let all = [Light::Normal, Light::Warning, Light::Yellow, Light::Red];
    assert_eq!(all.map(Light::code), [0, 1, 2, 5]);
    assert!(all.is_sorted());
}

#[test]
fn days_left_go_negative_in_the_unit_of_the_clock() {
    let left = |clock: &Clock, today| clock.days_left(today, &calendar()).unwrap();
    let clock = promised(Budget::WorkingDays(5), date(2026, 3, 2));
    assert_eq!(left(&clock, date(2026, 3, 2)), 5);
    assert_eq!(left(&clock, date(2026, 3, 9)), 0);
    assert_eq!(left(&clock, date(2026, 3, 15)), -4, "not the weekend");
    assert_eq!(left(&clock, date(2026, 1, 1)), 5, "nothing is used before the start");
}

#[test]
fn a_clock_that_was_stopped_keeps_the_light_of_that_day() {
    let mut clock = promised(Budget::WorkingDays(5), date(2026, 3, 2));
    clock.stopped_at = Some(at(date(2026, 3, 9), 16));
    assert_eq!(light(&clock, date(2026, 6, 1)), Light::Normal);
    assert!(explained(&clock, date(2026, 3, 10)).ends_with("Stopped (Working )"));
    clock.stopped_at = Some(at(date(2026, 3, 10), 9));
    assert_eq!(light(&clock, date(2026, 6, 1)), Light::Yellow);
}

#[test]
fn silence_speaks_only_when_the_intake_clock_has_run_out() {
    let mut clock = Clock::start(ClockRule::licence_intake(), at(date(2026, 3, 2), 10));
    let silent_from = |clock: &Clock| clock.silent_from(&calendar()).unwrap();
    assert_eq!(silent_from(&clock), Some(date(2026, 3, 10)), "the fifth working day is in time");

    clock.pauses.push(pause(date(2026, 3, 4), None));
    assert_eq!(silent_from(&clock), None);
    clock.pauses = vec![pause(date(2026, 3, 4), Some(date(2026, 3, 5)))];
    assert_eq!(silent_from(&clock), Some(date(2026, 3, 11)));
    clock.pauses.clear();
    clock.stopped_at = Some(at(date(2026, 3, 9), 17));
    assert_eq!(silent_from(&clock), None);
    assert_eq!(silent_from(&statutory(Budget::WorkingDays(1), date(2026, 3, 2))), None);
}

#[test]
fn silence_says_nothing_on_a_day_that_may_change() {
    let silent_from = |taken: Date| {
        let clock = Clock::start(ClockRule::licence_intake(), at(taken, 10));
        let due = clock.due(&calendar(), OfficeHours::USUAL).unwrap();
        (due.date, clock.silent_from(&calendar()).unwrap())
    };
    assert_eq!(silent_from(date(2026, 12, 24)), (date(2026, 12, 31), Some(date(2027, 1, 1))));
    assert_eq!(silent_from(date(2026, 12, 25)), (date(2027, 1, 4), None), "2027 is not known yet");
}

#[test]
fn an_extension_adds_days_of_the_clocks_own_unit() {
    let mut clock = Clock::start(ClockRule::licence_decision(), at(date(2026, 3, 2), 10));
    assert_eq!(due(&clock), date(2026, 3, 30));
    let notice_number = NoticeNumber::new("云审延〔2026〕1号").unwrap();
    clock.extension = Some(Extension { days: 10, article: basis(), notice_number });
    assert_eq!(due(&clock), date(2026, 4, 14), "over Qingming");
    assert_eq!(clock.total_days(), 30);
}

#[test]
fn a_notice_without_a_number_is_no_notice() {
    assert_eq!(NoticeNumber::new(" \u{3000}\t"), Err(NoticeNumberMissing));
    assert_eq!(NoticeNumber::new(" 云审特〔2026〕3号 ").unwrap().as_str(), "云审特〔2026〕3号");
}

#[test]
fn a_deadline_beyond_the_known_years_says_so() {
    let clock = statutory(Budget::WorkingDays(20), date(2026, 12, 21));
    let deadline = clock.due(&calendar(), OfficeHours { close: time(12, 0, 0, 0) }).unwrap();
    assert_eq!((deadline.date, deadline.provisional), (date(2027, 1, 19), true));
    assert_eq!(deadline.at.to_string(), "2027-01-19T04:00:00Z");
    assert!(explained(&clock, date(2027, 1, 1)).ends_with("(StatutoryHoliday 元旦) provisional"));

    let forgotten = statutory(Budget::WorkingDays(20), date(2022, 12, 21));
    assert!(matches!(forgotten.due(&calendar(), OfficeHours::USUAL), Err(OutOfCalendar::TooEarly { .. })));
}

#[test]
fn an_article_says_whether_it_was_looked_up() {
    let rule = ClockRule::licence_intake();
    assert!(rule.article.is_sourced());
    assert!(!basis().is_sourced());
    assert_snapshot!(rule.article, @"《中华人民共和国行政许可法》第三十二条第一款第四项");
}

fn clocks() -> impl Strategy<Value = Clock> {
    let day = (0..900i64).prop_map(|n| date(2023, 3, 1) + Span::new().days(n));
    let budget = prop_oneof![(0u16..40).prop_map(Budget::WorkingDays), (0u16..40).prop_map(Budget::NaturalDays)];
    let ledger = prop::collection::vec((0..60i64, 0..30i64), 0..4);
    (day, budget, ledger).prop_map(|(day, budget, ledger)| {
        let mut clock = statutory(budget, day);
        clock.pauses = ledger
            .into_iter()
            .map(|(from, days)| {
                let from = day + Span::new().days(from);
                pause(from, Some(from + Span::new().days(days)))
            })
            .collect();
        clock
    })
}

/// A clock of any kind, that may stand still or be stopped.
fn any_clock() -> impl Strategy<Value = Clock> {
    let kind = prop::sample::select(&ClockKind::ALL[..]);
    let open = prop::option::weighted(0.3, 0..40i64);
    let stopped = prop::option::weighted(0.2, 0..60i64);
    (clocks(), kind, open, stopped).prop_map(|(mut clock, kind, open, stopped)| {
        let after = |days| clock.start_date() + Span::new().days(days);
        let (open, stopped) = (open.map(after), stopped.map(after));
        clock.rule.kind = kind;
        clock.pauses.extend(open.map(|from| pause(from, None)));
        clock.stopped_at = stopped.map(|date| at(date, 16));
        clock
    })
}

proptest! {
    #[test]
    fn the_explanation_ends_where_the_deadline_is(clock in clocks()) {
        let due = due(&clock);
        let days = clock.explain(&calendar(), due).unwrap();
        prop_assert_eq!(days.last().unwrap().date, due);
        let counted: Vec<u16> = days.iter().filter_map(|day| day.counted).collect();
        let expected: Vec<u16> = (1..=clock.total_days()).collect();
        prop_assert_eq!(counted, expected);
        if clock.total_days() > 0 {
            prop_assert!(calendar().is_working_day(due).unwrap());
        }
    }

    #[test]
    fn a_clock_turns_red_on_the_day_after_its_deadline_and_stays_red(clock in clocks(), more in 1..100i64) {
        let due = due(&clock);
        prop_assert!(light(&clock, due) < Light::Yellow);
        prop_assert_eq!(light(&clock, due + Span::new().days(more)), Light::Red);
    }

    #[test]
    fn the_light_never_gets_better_with_time(clock in clocks(), first in 0..100i64, more in 0..100i64) {
        let early = clock.start_date() + Span::new().days(first);
        prop_assert!(light(&clock, early) <= light(&clock, early + Span::new().days(more)));
    }

    #[test]
    fn three_days_say_the_light_of_any_clocks_on_any_day(
        clocks in prop::collection::vec(any_clock(), 1..4),
        day in -5..150i64,
    ) {
        let today = clocks[0].start_date() + Span::new().days(day);
        let running = clocks.iter().filter(|clock| clock.stopped_at.is_none());
        let worst = running.map(|clock| light(clock, today)).max().unwrap_or_default();
        prop_assert_eq!(LightDays::of(&clocks, &calendar()).on(today), worst);
    }

    #[test]
    fn a_pause_moves_the_deadline_by_exactly_the_working_days_in_it(start in 0..900i64, n in 1u16..30, from in 1..20i64, days in 0..40i64) {
        let start = date(2023, 3, 1) + Span::new().days(start);
        let mut clock = statutory(Budget::WorkingDays(n), start);
        let before = due(&clock);
        let from = start + Span::new().days(from);
        prop_assume!(from <= before);
        let until = from + Span::new().days(days);
        clock.pauses.push(pause(from, Some(until)));
        let eve = |date: Date| date.yesterday().unwrap();
        let lost = calendar().working_days_between(eve(from), eve(until)).unwrap();
        let moved = calendar().working_days_between(before, due(&clock)).unwrap();
        prop_assert_eq!(moved, lost);
    }
}

#[test]
fn a_limit_is_said_with_its_start_and_article() {
    let (days, natural) = (Budget::WorkingDays(20), Budget::NaturalDays(30));
    assert_eq!(ClockRule::statutory(days, basis()).in_words(), "受理之日起20个工作日（《某办法》第十条）");
    assert_eq!(ClockRule::statutory(natural, basis()).in_words(), "受理之日起30日（《某办法》第十条）");
    assert_eq!(
        ClockRule::licence_intake().in_words(),
        "收件之日起5个工作日（《中华人民共和国行政许可法》第三十二条第一款第四项）"
    );
}
