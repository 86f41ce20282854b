//! Legal clocks (时限): how long an office may take, by which article, and which days did not count.
//!
//! A clock is what happened: its rule, when it started, when it stood still, when it stopped. The last day, the light
//! and the explanation are all read from one walk over the calendar, so that they cannot disagree. All civil dates are
//! those of the hall's zone; no function here asks the computer for the time.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time, time};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};

use crate::calendar::{Day, DayKind, Due, OutOfCalendar, WorkCalendar};

/// The zone of every civil date and time in a hall.
static HALL_ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZoneDatabase::bundled().get("Asia/Shanghai").expect("the zone is compiled into the program"));

/// The date in the hall at this moment, whatever the computer's zone.
pub fn hall_date(at: Timestamp) -> Date {
    hall_datetime(at).date()
}

/// The date and the time of day in the hall at this moment.
pub fn hall_datetime(at: Timestamp) -> DateTime {
    at.to_zoned(HALL_ZONE.clone()).datetime()
}

/// The moment of a date and a time of day in the hall.
///
/// # Errors
/// [`OutOfCalendar::TooLate`], on the last day that can be written.
pub fn hall_moment(date: Date, time: Time) -> Result<Timestamp, OutOfCalendar> {
    let zoned = date.to_datetime(time).to_zoned(HALL_ZONE.clone());
    Ok(zoned.map_err(|_| OutOfCalendar::TooLate)?.timestamp())
}

/// When a hall closes: the end of a limit's last day (民法典第二百零三条：有业务时间的，停止业务活动的时间为截止时间).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeHours {
    /// The time of day, in the hall's zone, after which nothing is received.
    pub close: Time,
}

impl OfficeHours {
    /// Closing at 17:30, where a hall has said nothing else.
    pub const USUAL: Self = Self { close: time(17, 30, 0, 0) };
}

impl Default for OfficeHours {
    fn default() -> Self {
        Self::USUAL
    }
}

/// What a clock limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockKind {
    /// From receipt to acceptance or a notice of what is missing (收件).
    Intake,
    /// The limit of the law for the decision (法定).
    Statutory,
    /// The shorter limit the authority has promised (承诺).
    Promised,
}

impl ClockKind {
    /// Every clock.
    pub const ALL: [Self; 3] = [Self::Intake, Self::Statutory, Self::Promised];

    /// The clock's stable name in stores and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Statutory => "statutory",
            Self::Promised => "promised",
        }
    }

    /// The clock of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The light of such a clock when its last day is over: only a promise is broken with yellow.
    pub fn overdue_light(self) -> Light {
        match self {
            Self::Promised => Light::Yellow,
            Self::Intake | Self::Statutory => Light::Red,
        }
    }
}

/// How long something may take. Days of one unit cannot be added to days of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Budget {
    /// Working days (工作日): rest days and statutory holidays are not counted (行政许可法第八十二条).
    WorkingDays(u16),
    /// Natural days (自然日): every day counts; a last day that is not worked moves to the next working day
    /// (民法典第二百零三条).
    NaturalDays(u16),
}

impl Budget {
    /// The number of days, in the budget's own unit.
    pub fn days(self) -> u16 {
        match self {
            Self::WorkingDays(days) | Self::NaturalDays(days) => days,
        }
    }

    fn counts(self, day: &Day<'_>) -> bool {
        match self {
            Self::WorkingDays(_) => day.kind.is_worked(),
            Self::NaturalDays(_) => true,
        }
    }
}

/// The event whose next day is day 1; the day of the event itself is never counted (期间开始的当日不计入).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StartRule {
    /// The day after the materials were received (收件次日).
    DayAfterReceipt,
    /// The day after acceptance (受理次日).
    DayAfterAcceptance,
}

impl StartRule {
    /// The rule's stable name in stores, interfaces and catalogue files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DayAfterReceipt => "receipt",
            Self::DayAfterAcceptance => "acceptance",
        }
    }

    /// The rule of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::DayAfterReceipt, Self::DayAfterAcceptance].into_iter().find(|rule| rule.name() == name)
    }
}

/// An article of a law, and where we have it from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Article {
    /// The law as it is cited, without book-title marks: 中华人民共和国行政许可法.
    pub law: String,
    /// The article as it is cited: 第三十二条第一款第四项.
    pub article: String,
    /// Whether somebody has looked it up.
    pub status: ArticleStatus,
}

/// Whether an article was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ArticleStatus {
    /// Read in this source.
    Sourced {
        /// The edition, page or document it was read in.
        source: String,
    },
    /// Not looked up: marked 待核对 on screen and paper.
    Unverified,
}

impl Article {
    /// An article that was read in `source`.
    pub fn sourced(law: impl Into<String>, article: impl Into<String>, source: impl Into<String>) -> Self {
        let status = ArticleStatus::Sourced { source: source.into() };
        Self { law: law.into(), article: article.into(), status }
    }

    /// An article that nobody has looked up yet (待核对).
    pub fn unverified(law: impl Into<String>, article: impl Into<String>) -> Self {
        Self { law: law.into(), article: article.into(), status: ArticleStatus::Unverified }
    }

    /// Whether the article was looked up.
    pub fn is_sourced(&self) -> bool {
        matches!(self.status, ArticleStatus::Sourced { .. })
    }

    fn of_licence_law(article: &str) -> Self {
        Self::sourced("中华人民共和国行政许可法", article, "2019年4月23日修正文本")
    }
}

impl fmt::Display for Article {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "《{}》{}", self.law, self.article)
    }
}

/// What the law makes of an office that stays silent until its clock has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SilenceEffect {
    /// The application counts as accepted from the day of receipt (视为受理, 行政许可法第三十二条第一款第四项).
    DeemedAccepted,
}

impl SilenceEffect {
    /// The effect's stable name in stores, interfaces and catalogue files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeemedAccepted => "deemed-accepted",
        }
    }

    /// The effect of that name.
    pub fn named(name: &str) -> Option<Self> {
        (name == Self::DeemedAccepted.name()).then_some(Self::DeemedAccepted)
    }
}

/// The rule of a clock: data of an item's procedure profile.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClockRule {
    /// What is limited.
    pub kind: ClockKind,
    /// For how long.
    pub budget: Budget,
    /// From which event on.
    pub start: StartRule,
    /// By which article.
    pub article: Article,
    /// What silence means at the end, if the law gives it a meaning.
    pub silence: Option<SilenceEffect>,
}

impl ClockRule {
    /// As a document says it: 受理之日起20个工作日（《行政许可法》第四十二条）.
    pub fn in_words(&self) -> String {
        let Article { law, article, .. } = &self.article;
        format!("{}（《{law}》{article}）", self.length_in_words())
    }

    /// The same without its article: 受理之日起20个工作日.
    pub fn length_in_words(&self) -> String {
        let start = match self.start {
            StartRule::DayAfterReceipt => "收件",
            StartRule::DayAfterAcceptance => "受理",
        };
        let unit = match self.budget {
            Budget::WorkingDays(_) => "个工作日",
            Budget::NaturalDays(_) => "日",
        };
        format!("{start}之日起{}{unit}", self.budget.days())
    }

    /// Intake of a licence: 5 working days from receipt, then deemed accepted (行政许可法第三十二条第一款第四项).
    pub fn licence_intake() -> Self {
        Self {
            kind: ClockKind::Intake,
            budget: Budget::WorkingDays(5),
            start: StartRule::DayAfterReceipt,
            article: Article::of_licence_law("第三十二条第一款第四项"),
            silence: Some(SilenceEffect::DeemedAccepted),
        }
    }

    /// Decision on a licence: 20 working days from acceptance where no other law says otherwise (行政许可法第四十二条第一款).
    pub fn licence_decision() -> Self {
        Self::statutory(Budget::WorkingDays(20), Article::of_licence_law("第四十二条第一款"))
    }

    /// A limit of the law for the decision (法定时限), from acceptance.
    pub fn statutory(budget: Budget, article: Article) -> Self {
        let (kind, start) = (ClockKind::Statutory, StartRule::DayAfterAcceptance);
        Self { kind, budget, start, article, silence: None }
    }

    /// A promised limit for the decision (承诺时限), from acceptance.
    pub fn promised(budget: Budget, article: Article) -> Self {
        let (kind, start) = (ClockKind::Promised, StartRule::DayAfterAcceptance);
        Self { kind, budget, start, article, silence: None }
    }
}

/// Why a clock stands still. Anything else does not stop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PauseKind {
    /// Supplements were asked for before acceptance (补正).
    Supplement,
    /// Hearing (听证), like all that follow by 行政许可法第四十五条.
    Hearing,
    /// Tender (招标).
    Tender,
    /// Auction (拍卖).
    Auction,
    /// Inspection of goods or equipment (检验).
    Inspection,
    /// Testing (检测).
    Testing,
    /// Quarantine (检疫).
    Quarantine,
    /// Appraisal (鉴定).
    Appraisal,
    /// Expert review (专家评审).
    ExpertReview,
}

/// The number of the written notice that was given to the applicant; never blank. Without a notice there is no pause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeNumber(String);

/// A notice without a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the written notice has no number")]
pub struct NoticeNumberMissing;

impl NoticeNumber {
    /// The number without blanks around it, if anything is left.
    ///
    /// # Errors
    /// [`NoticeNumberMissing`], when nothing is left.
    pub fn new(number: &str) -> Result<Self, NoticeNumberMissing> {
        match number.trim() {
            "" => Err(NoticeNumberMissing),
            number => Ok(Self(number.to_owned())),
        }
    }

    /// The number as it stands on the notice.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NoticeNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Days on which a clock stands still (时限中止): an entry of its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pause {
    /// The ground.
    pub kind: PauseKind,
    /// The article that allows it.
    pub article: Article,
    /// The notice that told the applicant.
    pub notice_number: NoticeNumber,
    /// The first day that is not counted.
    pub from: Date,
    /// The first day that is counted again: the day on which the clock resumed; `None` while it still stands. A pause
    /// moves the last day by exactly the countable days in it; one that ends on its first day moves nothing.
    pub until: Option<Date>,
}

impl Pause {
    fn covers(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date < until)
    }
}

/// More days, granted once (延期), such as ten by 行政许可法第四十二条第一款.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Extension {
    /// How many days more, in the unit of the clock's own budget.
    pub days: u16,
    /// The article that allows it.
    pub article: Article,
    /// The notice that told the applicant the reason.
    pub notice_number: NoticeNumber,
}

/// A clock that was started (时限). Whether a command may pause, extend or stop it is decided elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clock {
    /// Its rule, as of the start.
    pub rule: ClockRule,
    /// The moment of the event named by the start rule.
    pub started_at: Timestamp,
    /// The ledger of pauses; overlapping ones count once.
    pub pauses: Vec<Pause>,
    /// The extension, at most one.
    pub extension: Option<Extension>,
    /// When what was limited was done.
    pub stopped_at: Option<Timestamp>,
}

/// The end of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The last day, in the hall's zone.
    pub date: Date,
    /// The end of office hours on that day.
    pub at: Timestamp,
    /// The date lies past the calendar's last known year and may change.
    pub provisional: bool,
    /// The clock stands still: this is where it would end if it went on at once, and it will be later.
    pub standing: bool,
}

/// How a clock stands (电子监察亮灯). Ordered: the worst of several is their maximum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Light {
    /// In time.
    #[default]
    Normal = 0,
    /// At most a fifth of the days or one working day is left (预警).
    Warning = 1,
    /// Over the promised limit (黄牌).
    Yellow = 2,
    /// Over the limit of the law (红牌).
    Red = 5,
}

impl Light {
    /// The code in exchanges with supervision systems: 0, 1, 2 or 5.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// From which day on a case shows which light: what a list keeps of its running clocks. A light only gets worse, so that
/// three days say as much as the clocks themselves; a day that is `None` never comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct LightDays {
    /// From when on at least a warning is shown.
    pub warning: Option<Date>,
    /// From when on at least yellow.
    pub yellow: Option<Date>,
    /// From when on red.
    pub red: Option<Date>,
}

impl LightDays {
    /// The days of the clocks that still run. One that the calendar does not reach shows no light.
    pub fn of(clocks: &[Clock], calendar: &WorkCalendar) -> Self {
        let running = || clocks.iter().filter(|clock| clock.stopped_at.is_none());
        let first = |light| running().filter_map(|clock| clock.lit_from(light, calendar).ok().flatten()).min();
        Self { warning: first(Light::Warning), yellow: first(Light::Yellow), red: first(Light::Red) }
    }

    /// The light on a day: the worst of all running clocks.
    pub fn on(self, today: Date) -> Light {
        let begun = |day: Option<Date>| day.is_some_and(|day| day <= today);
        match self {
            Self { red, .. } if begun(red) => Light::Red,
            Self { yellow, .. } if begun(yellow) => Light::Yellow,
            Self { warning, .. } if begun(warning) => Light::Warning,
            _ => Light::Normal,
        }
    }
}

/// One day in the explanation of a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedDay {
    /// The date, in the hall's zone.
    pub date: Date,
    /// What kind of day it is.
    pub kind: DayKind,
    /// Its name in the calendar, such as 春节.
    pub name: Option<String>,
    /// Which day of the limit it is, from 1 on, if it counts; it goes on counting when the limit is over.
    pub counted: Option<u16>,
    /// Why it counts or does not.
    pub why: Why,
    /// The year of this day is not known yet.
    pub provisional: bool,
}

/// Why a day of a clock counts or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The day of the event that started the clock (当日不计).
    DayOfEvent,
    /// An ordinary day of the limit.
    Counted,
    /// The last day of the limit (届满日).
    LastDay,
    /// A rest day or a holiday within a limit in working days; the kind and the name of the day say which.
    NotWorked,
    /// The clock stood still.
    Paused {
        /// The ground.
        kind: PauseKind,
        /// The notice that told the applicant.
        notice_number: NoticeNumber,
    },
    /// All natural days are used up, but their last day is not worked: the last day moves on (届满日顺延).
    MovedOn,
    /// The limit is over.
    Overdue,
    /// What was limited had been done before.
    Stopped,
}

impl Clock {
    /// A clock that starts to run.
    pub fn start(rule: ClockRule, started_at: Timestamp) -> Self {
        Self { rule, started_at, pauses: Vec::new(), extension: None, stopped_at: None }
    }

    /// All days the clock has, in the unit of its budget.
    pub fn total_days(&self) -> u16 {
        let more = self.extension.as_ref().map_or(0, |extension| extension.days);
        self.rule.budget.days().saturating_add(more)
    }

    /// Whether the clock stands still at the end of its ledger.
    pub fn is_standing(&self) -> bool {
        self.stands_since().is_some()
    }

    /// The last day and its end. While the clock stands still this is the earliest possible end.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn due(&self, calendar: &WorkCalendar, hours: OfficeHours) -> Result<Deadline, OutOfCalendar> {
        let Due { date, provisional } = self.last_day(calendar)?;
        let at = hall_moment(date, hours.close)?;
        Ok(Deadline { date, at, provisional, standing: self.is_standing() })
    }

    /// How the clock stands on a day. It does not change while the clock stands still, nor after it was stopped; stopped
    /// in time, or not begun yet, it is normal. The day, not the hour, decides.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn light(&self, today: Date, calendar: &WorkCalendar) -> Result<Light, OutOfCalendar> {
        let due = self.last_day(calendar)?.date;
        let seen = self.last_moving_day(today);
        if seen > due {
            return Ok(self.rule.kind.overdue_light());
        }
        if self.stopped_at.is_some() || today < self.start_date() {
            return Ok(Light::Normal);
        }
        let left = i64::from(self.days_left(today, calendar)?);
        let last_working_day = match self.rule.budget {
            Budget::WorkingDays(_) => left <= 1,
            Budget::NaturalDays(_) => calendar.working_days_between(seen, due)? <= 1,
        };
        let last_fifth = left * 5 <= i64::from(self.total_days());
        Ok(if last_working_day || last_fifth { Light::Warning } else { Light::Normal })
    }

    /// The first day on which the light is at least this one, if that day comes.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn lit_from(&self, light: Light, calendar: &WorkCalendar) -> Result<Option<Date>, OutOfCalendar> {
        let lit = |date| Ok(self.light(date, calendar)? >= light);
        // After the day behind the last one no light changes any more.
        let mut last = self.last_day(calendar)?.date.tomorrow().map_err(|_| OutOfCalendar::TooLate)?;
        if !lit(last)? {
            return Ok(None);
        }
        let mut first = self.start_date();
        while first < last {
            let between = first.saturating_add(Span::new().days((last - first).get_days() / 2));
            match lit(between)? {
                true => last = between,
                false => first = between.tomorrow().map_err(|_| OutOfCalendar::TooLate)?,
            }
        }
        Ok(Some(last))
    }

    /// How many days, in the unit of the budget, are left after a day: 0 on the last day, negative when overdue.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn days_left(&self, today: Date, calendar: &WorkCalendar) -> Result<i32, OutOfCalendar> {
        let due = self.last_day(calendar)?.date;
        let seen = self.last_moving_day(today);
        let (mut used, mut over) = (0, 0);
        for day in calendar.days_after(self.start_date()) {
            let day = day?;
            if day.date > seen {
                break;
            }
            let counts = i32::from(self.counts(&day));
            if day.date <= due { used += counts } else { over += counts }
        }
        let left = i32::from(self.total_days()) - used;
        Ok(if seen > due { -over } else { left.max(0) })
    }

    /// The first day on which silence has its effect: the day after the last one, if the rule gives silence an effect. None
    /// for a clock that was stopped, or that stands still before it has run out; none either where the last day is provisional:
    /// nobody loses a right by a day that may change.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn silent_from(&self, calendar: &WorkCalendar) -> Result<Option<Date>, OutOfCalendar> {
        if self.rule.silence.is_none() || self.stopped_at.is_some() {
            return Ok(None);
        }
        let last = self.last_day(calendar)?;
        if last.provisional {
            return Ok(None);
        }
        let over = last.date.tomorrow().map_err(|_| OutOfCalendar::TooLate)?;
        Ok(Some(over).filter(|over| self.stands_since().is_none_or(|since| since > *over)))
    }

    /// The day of the event that started the clock, in the hall's zone.
    pub fn start_date(&self) -> Date {
        hall_date(self.started_at)
    }

    /// Every day from the event to `until`, both included, with the reason why it counts or not.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when a day that is needed lies before the first known year or past the year 9999.
    pub fn explain(&self, calendar: &WorkCalendar, until: Date) -> Result<Vec<ExplainedDay>, OutOfCalendar> {
        let start = self.start_date();
        if until < start {
            return Ok(Vec::new());
        }
        let due = self.last_day(calendar)?.date;
        let mut explained = vec![explained(calendar.day(start)?, None, Why::DayOfEvent)];
        let mut counted = 0_u16;
        for day in calendar.days_after(start) {
            let day = day?;
            if day.date > until {
                break;
            }
            let used_up = counted >= self.total_days();
            let why = self.why(&day, due, used_up);
            let counts = match why {
                Why::Counted | Why::Overdue => true,
                Why::LastDay => !used_up,
                _ => false,
            };
            counted = counted.saturating_add(u16::from(counts));
            explained.push(self::explained(day, counts.then_some(counted), why));
        }
        Ok(explained)
    }

    fn why(&self, day: &Day<'_>, due: Date, used_up: bool) -> Why {
        if self.stopped_at.is_some_and(|at| day.date > hall_date(at)) {
            return Why::Stopped;
        }
        if let Some(pause) = self.pauses.iter().find(|pause| pause.covers(day.date)) {
            let notice_number = pause.notice_number.clone();
            return Why::Paused { kind: pause.kind, notice_number };
        }
        match day.date.cmp(&due) {
            _ if !self.rule.budget.counts(day) => Why::NotWorked,
            Ordering::Greater => Why::Overdue,
            Ordering::Equal => Why::LastDay,
            Ordering::Less if used_up => Why::MovedOn,
            Ordering::Less => Why::Counted,
        }
    }

    /// The last day if an open pause ended on the day it began.
    fn last_day(&self, calendar: &WorkCalendar) -> Result<Due, OutOfCalendar> {
        let mut last = calendar.day(self.start_date())?;
        let mut left = self.total_days();
        let mut days = calendar.days_after(last.date);
        let ends_well = |day: &Day<'_>| matches!(self.rule.budget, Budget::WorkingDays(_)) || day.kind.is_worked();
        while left > 0 || (self.total_days() > 0 && !ends_well(&last)) {
            last = days.next().ok_or(OutOfCalendar::TooLate)??;
            let paused = self.pauses.iter().any(|pause| pause.until.is_some() && pause.covers(last.date));
            left = left.saturating_sub(u16::from(!paused && self.rule.budget.counts(&last)));
        }
        Ok(Due { date: last.date, provisional: last.provisional })
    }

    /// The last day up to today on which the clock moved or could move.
    fn last_moving_day(&self, today: Date) -> Date {
        let stopped = self.stopped_at.map(hall_date).unwrap_or(today);
        let standing = self.stands_since().map_or(today, |from| from.yesterday().unwrap_or(from));
        today.min(stopped).min(standing).max(self.start_date())
    }

    fn stands_since(&self) -> Option<Date> {
        let open = self.pauses.iter().filter(|pause| pause.until.is_none());
        open.map(|pause| pause.from).min()
    }

    fn counts(&self, day: &Day<'_>) -> bool {
        self.rule.budget.counts(day) && !self.pauses.iter().any(|pause| pause.covers(day.date))
    }
}

fn explained(day: Day<'_>, counted: Option<u16>, why: Why) -> ExplainedDay {
    let Day { date, kind, name, provisional } = day;
    ExplainedDay { date, kind, name: name.map(str::to_owned), counted, why, provisional }
}
