//! What an application still lacks: which questions are asked, which materials, and how each review point stands.

use std::collections::BTreeMap;

use domain::item::{Item, RuleText};
use jiff::civil::Date;

use crate::rules::{Application, Facts, Rule, RuleError};

/// The rules of an item, read once.
#[derive(Debug)]
pub struct ItemRules {
    questions: Vec<Option<Rule>>,
    materials: Vec<Option<Rule>>,
    fees: Vec<Option<Rule>>,
    /// By the point's code.
    points: BTreeMap<String, PointRules>,
}

#[derive(Debug)]
struct PointRules {
    when: Option<Rule>,
    check: Option<Rule>,
}

/// How a review point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It is so.
    Met,
    /// It is not so.
    Violated,
    /// Nobody has looked yet, or what it needs has not been said.
    Open,
}

/// What a clerk has found, by the codes of the points; where neither says anything, nobody has looked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Looked<'a> {
    /// What is so.
    pub met: &'a [&'a str],
    /// What is not so.
    pub unmet: &'a [&'a str],
}

impl<'a> Looked<'a> {
    /// Everything that was looked at is so.
    #[must_use]
    pub fn met(met: &'a [&'a str]) -> Self {
        Self { met, unmet: &[] }
    }
}

/// A review point that concerns this application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointFinding<'a> {
    /// Its code.
    pub code: &'a str,
    /// The material under which it stands.
    pub material: Option<&'a str>,
    /// Whether nothing is accepted while it is not met.
    pub blocking: bool,
    /// Whether the machine checks it.
    pub by_machine: bool,
    /// How it stands.
    pub finding: Finding,
    /// The fields of the form that its rule looks at.
    pub fields: Vec<&'a str>,
}

/// What an application is asked for, and how it stands (审查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review<'a> {
    /// The codes of the questions that are asked.
    pub questions: Vec<&'a str>,
    /// The codes of the materials that are asked for.
    pub materials: Vec<&'a str>,
    /// Every point that concerns this application.
    pub points: Vec<PointFinding<'a>>,
    /// The number of the tariff line that is charged.
    pub fee: Option<usize>,
}

impl Review<'_> {
    /// The blocking points that are not met.
    pub fn open(&self) -> impl Iterator<Item = &PointFinding<'_>> {
        self.points.iter().filter(|point| point.blocking && point.finding != Finding::Met)
    }
}

impl ItemRules {
    /// Reads every rule of an item, and tells of each where it stands in the item's file.
    ///
    /// # Errors
    /// What is wrong, each with where it stands.
    pub(crate) fn read(
        item: &Item,
        mut tell: impl FnMut(&str, &Rule),
    ) -> Result<Self, Vec<(String, String, RuleError)>> {
        let mut faults = vec![];
        let mut read = |at: String, text: &Option<RuleText>| {
            let text = text.as_ref()?;
            match Rule::read(text) {
                Ok(rule) => {
                    tell(&at, &rule);
                    Some(rule)
                }
                Err(error) => {
                    faults.push((at, text.clone(), error));
                    None
                }
            }
        };
        let mut points = BTreeMap::new();
        let own = item.points.iter().enumerate().map(|(n, point)| (format!("/points/{n}"), point));
        let of_materials = item.materials.iter().enumerate().flat_map(|(m, material)| {
            let points = material.points.iter().enumerate();
            points.map(move |(n, point)| (format!("/materials/{m}/points/{n}"), point))
        });
        for (at, point) in own.chain(of_materials) {
            let when = read(format!("{at}/when"), &point.when);
            let check = read(format!("{at}/rule"), &point.rule);
            points.insert(point.code.clone(), PointRules { when, check });
        }
        let mut conditions = |of: &str, texts: Vec<&Option<RuleText>>| -> Vec<Option<Rule>> {
            texts.into_iter().enumerate().map(|(n, text)| read(format!("/{of}/{n}/when"), text)).collect()
        };
        let questions = conditions("questions", item.questions.iter().map(|it| &it.when).collect());
        let materials = conditions("materials", item.materials.iter().map(|it| &it.when).collect());
        let fees = conditions("fee/lines", item.fee.lines.iter().map(|it| &it.when).collect());
        if faults.is_empty() { Ok(Self { questions, materials, fees, points }) } else { Err(faults) }
    }

    /// How an application stands on a day.
    pub fn review<'a>(
        &'a self,
        item: &'a Item,
        application: &Application,
        looked: Looked<'_>,
        today: Date,
    ) -> Review<'a> {
        let facts = Facts::of(application, today);
        let asked = |rule: &Option<Rule>| rule.as_ref().is_none_or(|rule| rule.holds(&facts) == Some(true));
        let questions = item.questions.iter().zip(&self.questions).filter(|(_, when)| asked(when));
        let materials: Vec<&str> = item
            .materials
            .iter()
            .zip(&self.materials)
            .filter(|(_, when)| asked(when))
            .map(|(material, _)| material.code.as_str())
            .collect();
        let mut points = vec![];
        for (material, point) in item.all_points() {
            let Some(PointRules { when, check }) = self.points.get(&point.code) else { continue };
            // A point under a material is looked at when the material is there, or must be.
            let there = material.is_none_or(|code| {
                let required = item.materials.iter().any(|material| material.code == code && material.required);
                materials.contains(&code) && (required || application.materials.get(code).is_some())
            });
            if !there || !asked(when) {
                continue;
            }
            let finding = match check {
                Some(rule) => match rule.holds(&facts) {
                    Some(true) => Finding::Met,
                    Some(false) => Finding::Violated,
                    None => Finding::Open,
                },
                None if looked.met.contains(&point.code.as_str()) => Finding::Met,
                None if looked.unmet.contains(&point.code.as_str()) => Finding::Violated,
                None => Finding::Open,
            };
            let fields = check.iter().flat_map(Rule::form_fields).collect();
            let (code, blocking, by_machine) = (point.code.as_str(), point.blocking, check.is_some());
            points.push(PointFinding { code, material, blocking, by_machine, finding, fields });
        }
        Review {
            questions: questions.map(|(question, _)| question.code.as_str()).collect(),
            materials,
            points,
            fee: self.fees.iter().position(asked),
        }
    }
}
