//! Who may take something for an applicant (领取人): the applicant, who stands for an organisation, or somebody with a paper
//! that says so.

use jiff::civil::Date;
use serde_json::json;
use web::ProblemField;

use crate::records::{AgentRecord, ApplicantKind, ApplicantRecord, CollectorRecord, Relation};

/// Why somebody may not take what is the applicant's; none: they may.
pub(crate) fn unentitled(
    applicant: &ApplicantRecord,
    agent: Option<&AgentRecord>,
    collector: &CollectorRecord,
    at: &str,
    today: Date,
) -> Option<ProblemField> {
    let CollectorRecord { name, id_number, relation, authority, note: _ } = collector;
    let field = |name: &str, code| ProblemField::new(format!("{at}/{name}"), code);
    match (relation, applicant.kind) {
        (Relation::Oneself, ApplicantKind::Person) => {
            let params = json!({ "relation": "self" });
            if !id_number.eq_ignore_ascii_case(&applicant.id_number) {
                return Some(field("id_number", "not-the-applicant").value(id_number.as_str()).params(params));
            }
            let other = name.trim() != applicant.name.trim();
            other.then(|| field("name", "not-the-applicant").value(name.as_str()).params(params))
        }
        (Relation::Representative, ApplicantKind::Organisation) => {
            let other = applicant.legal_representative.as_ref().is_some_and(|known| known.trim() != name.trim());
            let params = json!({ "relation": "representative" });
            other.then(|| field("name", "not-the-applicant").value(name.as_str()).params(params))
        }
        (Relation::Oneself, ApplicantKind::Organisation) => Some(field("relation", "not-allowed").value("self")),
        (Relation::Representative, ApplicantKind::Person) => {
            Some(field("relation", "not-allowed").value("representative"))
        }
        (Relation::Agent, ApplicantKind::Person) if id_number.eq_ignore_ascii_case(&applicant.id_number) => {
            Some(field("id_number", "is-applicant").value(id_number.as_str()))
        }
        (Relation::Agent, _) => {
            let known = agent
                .filter(|agent| agent.id_number.eq_ignore_ascii_case(id_number) && agent.name.trim() == name.trim());
            match (authority, known.map(|agent| agent.until)) {
                // A paper that is shown now speaks for itself.
                (Some(_), _) => None,
                (None, Some(Some(until))) if until < today => {
                    Some(field("authority", "expired").value(until.to_string()))
                }
                (None, Some(_)) => None,
                (None, None) => Some(field("authority", "required")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use jiff::civil::date;

    use super::*;

    fn applicant(kind: ApplicantKind) -> ApplicantRecord {
        ApplicantRecord {
            kind,
            name: "欧阳晓岚".to_owned(),
            id_number: "11010519900307283X".to_owned(),
            phone: "13800138000".to_owned(),
            address: None,
            legal_representative: (kind == ApplicantKind::Organisation).then(|| "司马青".to_owned()),
            contact: None,
        }
    }

    fn collector(name: &str, id_number: &str, relation: Relation, authority: Option<&str>) -> CollectorRecord {
        CollectorRecord {
            name: name.to_owned(),
            id_number: id_number.to_owned(),
            relation,
            authority: authority.map(str::to_owned),
            note: None,
        }
    }

    fn why(
        kind: ApplicantKind,
        until: Option<Date>,
        collector: &CollectorRecord,
    ) -> Option<(String, Cow<'static, str>)> {
        let agent = AgentRecord {
            name: "李代办".to_owned(),
            id_number: "11010519491231002X".to_owned(),
            phone: "13900139000".to_owned(),
            authority: "代收文书".to_owned(),
            until,
        };
        let field = unentitled(&applicant(kind), Some(&agent), collector, "", date(2026, 6, 15))?;
        Some((field.pointer, field.code))
    }

    #[test]
    fn each_relation_is_held_against_what_is_known() {
        use {ApplicantKind::*, Relation::*};
        let own = "11010519900307283x";
        let agents = "11010519491231002x";
        let strangers = "110101199003070038";
        let cases = [
            (Person, collector("欧阳晓岚", own, Oneself, None), None),
            (Person, collector("欧阳晓岚", strangers, Oneself, None), Some(("/id_number", "not-the-applicant"))),
            (Person, collector("欧阳晓", own, Oneself, None), Some(("/name", "not-the-applicant"))),
            (Person, collector("欧阳晓岚", own, Representative, None), Some(("/relation", "not-allowed"))),
            (Organisation, collector("司马青", strangers, Representative, None), None),
            (Organisation, collector("司马", strangers, Representative, None), Some(("/name", "not-the-applicant"))),
            (Organisation, collector("司马青", own, Oneself, None), Some(("/relation", "not-allowed"))),
            (Person, collector("李代办", agents, Agent, None), None),
            (Person, collector("王五", agents, Agent, None), Some(("/authority", "required"))),
            (Person, collector("王五", strangers, Agent, None), Some(("/authority", "required"))),
            (Organisation, collector("王五", strangers, Agent, Some("授权委托书")), None),
            (Person, collector("王五", own, Agent, Some("授权委托书")), Some(("/id_number", "is-applicant"))),
        ];
        for (kind, collector, expected) in cases {
            let found = why(kind, None, &collector);
            let found = found.as_ref().map(|(pointer, code)| (pointer.as_str(), code.as_ref()));
            assert_eq!(found, expected, "{collector:?}");
        }
    }

    #[test]
    fn an_agents_authority_ends_with_its_last_day_unless_a_new_paper_is_shown() {
        let agent = |authority| collector("李代办", "11010519491231002X", Relation::Agent, authority);
        let (today, yesterday) = (Some(date(2026, 6, 15)), Some(date(2026, 6, 14)));
        assert_eq!(why(ApplicantKind::Person, today, &agent(None)), None);
        let expired = Some(("/authority".to_owned(), "expired".into()));
        assert_eq!(why(ApplicantKind::Person, yesterday, &agent(None)), expired);
        assert_eq!(why(ApplicantKind::Person, yesterday, &agent(Some("新授权委托书"))), None);
    }
}
