//! The catalogue folder: a city with its hall and departments, the items, the work calendar. The fictional city of Anlan
//! comes with the program.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use department::DepartmentProfile;
use domain::{
    calendar::WorkCalendar,
    identity::DivisionPrefix,
    ids::{DepartmentId, HallId},
    number::{HallNumber, WindowNumber},
};
use hall::{Delegation, ItemFile};
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;

use crate::ServerError;

const CITY: &str = "city.toml";
const CALENDAR: &str = "calendar.txt";
const ITEMS: &str = "items";

macro_rules! built_in {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../catalogue/", $name)))
    };
}

const BUILT_IN_CITY: &str = built_in!("city.toml").1;
const BUILT_IN_CALENDAR: &str = built_in!("calendar.txt").1;
const BUILT_IN_ITEMS: [(&str, &str); 30] = [
    built_in!("items/animal-clinic-licence.toml"),
    built_in!("items/birth-registration.toml"),
    built_in!("items/commercial-performance-permit.toml"),
    built_in!("items/company-registration.toml"),
    built_in!("items/construction-permit.toml"),
    built_in!("items/disability-certificate.toml"),
    built_in!("items/fire-safety-check.toml"),
    built_in!("items/flexible-employment-insurance.toml"),
    built_in!("items/food-operation-licence.toml"),
    built_in!("items/hr-service-licence.toml"),
    built_in!("items/individual-business-registration.toml"),
    built_in!("items/labour-dispatch-licence.toml"),
    built_in!("items/minimum-living-allowance.toml"),
    built_in!("items/old-age-allowance.toml"),
    built_in!("items/outdoor-advertising.toml"),
    built_in!("items/private-non-enterprise-registration.toml"),
    built_in!("items/public-place-hygiene-licence.toml"),
    built_in!("items/publication-retail-licence.toml"),
    built_in!("items/real-estate-transfer.toml"),
    built_in!("items/residence-permit.toml"),
    built_in!("items/road-excavation-permit.toml"),
    built_in!("items/road-freight-licence.toml"),
    built_in!("items/road-occupation.toml"),
    built_in!("items/senior-citizen-card.toml"),
    built_in!("items/sewage-discharge-permit.toml"),
    built_in!("items/social-security-card.toml"),
    built_in!("items/special-equipment-registration.toml"),
    built_in!("items/tobacco-retail-licence.toml"),
    built_in!("items/water-abstraction-permit.toml"),
    built_in!("items/work-ability-review.toml"),
];

/// Items and work calendar, as text.
#[derive(Debug, Clone)]
pub struct CatalogueFiles {
    items: Vec<ItemFile>,
    calendar: String,
    calendar_name: String,
}

impl CatalogueFiles {
    /// What comes with the program.
    pub fn built_in() -> Self {
        let items = BUILT_IN_ITEMS.map(|(name, text)| ItemFile { name: name.to_owned(), text: text.to_owned() });
        Self { items: items.into(), ..Self::calendar_alone() }
    }

    /// The calendar that comes with the program, and no item.
    pub fn calendar_alone() -> Self {
        Self { items: vec![], calendar: BUILT_IN_CALENDAR.to_owned(), calendar_name: CALENDAR.to_owned() }
    }

    /// `items/*.toml` and `calendar.txt` of a folder, which may have no items: they can be imported later.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read(folder: &Path) -> Result<Self, ServerError> {
        let calendar = folder.join(CALENDAR);
        let items = folder.join(ITEMS);
        Ok(Self {
            items: if items.exists() { read_items(&items)? } else { vec![] },
            calendar: text_of(&calendar)?,
            calendar_name: calendar.display().to_string(),
        })
    }

    /// With only the items of these departments: what comes with the program is of a city that has more of them than a hall.
    pub fn of(mut self, departments: &BTreeMap<DepartmentId, String>) -> Self {
        let lines: Vec<_> = departments.keys().map(|id| format!("department = \"{id}\"")).collect();
        self.items.retain(|ItemFile { text, .. }| text.lines().any(|line| lines.iter().any(|wanted| wanted == line)));
        self
    }

    /// The items.
    pub fn items(&self) -> Vec<ItemFile> {
        self.items.clone()
    }

    /// The work calendar.
    ///
    /// # Errors
    /// When a line of it is refused.
    pub fn calendar(&self) -> Result<WorkCalendar, ServerError> {
        WorkCalendar::parse(&self.calendar).map_err(|error| ServerError::Value {
            place: format!("{}:{}", self.calendar_name, error.line),
            field: "line",
            value: self.calendar.lines().nth(error.line.saturating_sub(1)).unwrap_or_default().to_owned(),
            why: error.problem.to_string(),
        })
    }
}

/// A city: its hall, its departments, what can be applied for.
#[derive(Debug, Clone)]
pub struct City {
    /// The hall.
    pub hall: CityHall,
    /// Id of the department service that all departments share.
    pub department_service: Uuid,
    /// The departments.
    pub departments: Vec<CityDepartment>,
    /// Items and calendar.
    pub files: CatalogueFiles,
}

/// The hall of a city.
#[derive(Debug, Clone)]
pub struct CityHall {
    /// Its id.
    pub id: HallId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Where to ask, by phone.
    pub phone: String,
    /// The divisions of the city (行政区划代码), or how they begin: their numbers are nothing odd.
    pub divisions: Vec<DivisionPrefix>,
    /// The first four digits of its case numbers.
    pub number: HallNumber,
    /// Mark of its paper numbers.
    pub receipt_mark: String,
    /// Its windows.
    pub windows: Vec<WindowNumber>,
}

/// A department of a city.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "DepartmentEntry")]
pub struct CityDepartment {
    /// Its id.
    pub id: DepartmentId,
    /// Its name.
    pub name: String,
    /// Mark of the numbers of its acceptance notices.
    pub notice_mark: String,
    /// Mark of the numbers of its notices of what is missing.
    pub supplement_mark: String,
    /// Mark of the numbers of what it does not accept.
    pub rejection_mark: String,
    /// Mark of the numbers of its decisions.
    pub decision_mark: String,
    /// Mark of the numbers of its certificates.
    pub certificate_mark: String,
    /// Name of its seal.
    pub seal: String,
    /// Address and telephone, as printed.
    pub contact: String,
    /// Where a decision may be challenged, as printed.
    pub remedies: String,
    /// Whether that was held against the law.
    pub remedies_verified: bool,
    /// What it has left to the windows.
    pub delegation: Option<Delegation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CityFile {
    hall: HallEntry,
    department_service: ServiceEntry,
    departments: Vec<CityDepartment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HallEntry {
    id: Uuid,
    name: String,
    number: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    divisions: Vec<String>,
    receipt_mark: String,
    windows: Vec<WindowEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowEntry {
    number: String,
    #[serde(rename = "name")]
    _name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceEntry {
    id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartmentEntry {
    id: Uuid,
    name: String,
    #[serde(rename = "credit_code")]
    _credit_code: Option<String>,
    address: String,
    phone: String,
    notice_mark: String,
    #[serde(default)]
    supplement_mark: Option<String>,
    #[serde(default)]
    rejection_mark: Option<String>,
    decision_mark: String,
    certificate_mark: String,
    seal: String,
    remedies: String,
    remedies_status: RemediesStatus,
    delegation: Option<DelegationEntry>,
}

/// What a department has left to the windows; seal, contact and remedies are the department's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DelegationEntry {
    agreement: String,
    #[serde(default)]
    from: Option<Date>,
    #[serde(default)]
    until: Option<Date>,
    notice_mark: String,
    decision_mark: String,
    certificate_mark: String,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum RemediesStatus {
    Sourced,
    Unverified,
}

impl From<DepartmentEntry> for CityDepartment {
    fn from(entry: DepartmentEntry) -> Self {
        let contact = format!("{}，电话：{}", entry.address, entry.phone);
        let remedies_verified = entry.remedies_status == RemediesStatus::Sourced;
        let delegation = entry.delegation.map(|delegation| Delegation {
            agreement: delegation.agreement,
            from: delegation.from,
            until: delegation.until,
            notice_mark: delegation.notice_mark,
            decision_mark: delegation.decision_mark,
            certificate_mark: delegation.certificate_mark,
            seal: entry.seal.clone(),
            contact: contact.clone(),
            remedies: entry.remedies.clone(),
            remedies_verified,
        });
        let supplement_mark = || DepartmentProfile::usual_supplement_mark(&entry.notice_mark);
        let rejection_mark = || DepartmentProfile::usual_rejection_mark(&entry.notice_mark);
        Self {
            id: DepartmentId(entry.id),
            name: entry.name,
            delegation,
            supplement_mark: entry.supplement_mark.unwrap_or_else(supplement_mark),
            rejection_mark: entry.rejection_mark.unwrap_or_else(rejection_mark),
            notice_mark: entry.notice_mark,
            decision_mark: entry.decision_mark,
            certificate_mark: entry.certificate_mark,
            seal: entry.seal,
            contact,
            remedies: entry.remedies,
            remedies_verified,
        }
    }
}

impl City {
    /// The fictional city of Anlan (安澜市).
    ///
    /// # Errors
    /// None, as the tests show.
    pub fn anlan() -> Result<Self, ServerError> {
        Self::of(Path::new(CITY), BUILT_IN_CITY, CatalogueFiles::built_in())
    }

    /// The city of a catalogue folder.
    ///
    /// # Errors
    /// When a file is missing or refused; the error names file, field and value.
    pub fn read(folder: &Path) -> Result<Self, ServerError> {
        let file = folder.join(CITY);
        Self::of(&file, &text_of(&file)?, CatalogueFiles::read(folder)?)
    }

    fn of(file: &Path, text: &str, files: CatalogueFiles) -> Result<Self, ServerError> {
        let CityFile { hall, department_service, departments } =
            toml::from_str(text).map_err(|error| ServerError::Malformed(file.to_owned(), error))?;
        let wrong = |field, value: &str, why: &dyn std::fmt::Display| ServerError::Value {
            place: file.display().to_string(),
            field,
            value: value.to_owned(),
            why: why.to_string(),
        };
        let number = HallNumber::parse(&hall.number).map_err(|error| wrong("hall.number", &hall.number, &error))?;
        let window = |WindowEntry { number, .. }: &WindowEntry| {
            WindowNumber::parse(number).map_err(|error| wrong("hall.windows.number", number, &error))
        };
        let division =
            |text: &String| DivisionPrefix::parse(text).map_err(|error| wrong("hall.divisions", text, &error));
        Ok(Self {
            hall: CityHall {
                id: HallId(hall.id),
                number,
                windows: hall.windows.iter().map(window).collect::<Result<_, _>>()?,
                name: hall.name,
                address: hall.address,
                phone: hall.phone,
                divisions: hall.divisions.iter().map(division).collect::<Result<_, _>>()?,
                receipt_mark: hall.receipt_mark,
            },
            department_service: department_service.id,
            departments,
            files,
        })
    }

    /// The departments' names, by their ids.
    pub fn department_names(&self) -> BTreeMap<DepartmentId, String> {
        self.departments.iter().map(|department| (department.id, department.name.clone())).collect()
    }
}

/// Where the items of a folder are: in `items` of a catalogue folder, otherwise in the folder itself.
pub(crate) fn items_folder(folder: &Path) -> PathBuf {
    let items = folder.join(ITEMS);
    let is_catalogue = items.is_dir() || [CITY, CALENDAR].iter().any(|file| folder.join(file).exists());
    if is_catalogue { items } else { folder.to_owned() }
}

/// The files `*.toml` of a folder, by name.
pub(crate) fn read_items(folder: &Path) -> Result<Vec<ItemFile>, ServerError> {
    let unreadable = |error| ServerError::File(folder.to_owned(), error);
    let mut files: Vec<PathBuf> = vec![];
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        files.push(entry.map_err(unreadable)?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files.iter().map(|file| read_item(file)).collect()
}

/// A file of one item.
pub(crate) fn read_item(file: &Path) -> Result<ItemFile, ServerError> {
    Ok(ItemFile { name: file.display().to_string(), text: text_of(file)? })
}

fn text_of(file: &Path) -> Result<String, ServerError> {
    fs::read_to_string(file).map_err(|error| ServerError::File(file.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use catalogue::Catalogue;

    use super::*;

    #[test]
    fn the_built_in_city_is_in_order() {
        let city = City::anlan().unwrap();
        assert_eq!(city.hall.name, "安澜市政务服务中心");
        assert!(!city.departments[0].remedies_verified);
        let files = city.files.items();
        let read =
            Catalogue::read(files.iter().map(|it| (it.name.as_str(), it.text.as_str())), &city.department_names());
        assert_eq!(read.unwrap().items().count(), BUILT_IN_ITEMS.len());
        city.files.calendar().unwrap();
    }

    #[test]
    fn every_item_of_the_folder_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
        let read = City::read(&folder).unwrap();
        let texts = |files: &CatalogueFiles| files.items().into_iter().map(|file| file.text).collect::<Vec<_>>();
        assert_eq!(texts(&read.files), texts(&CatalogueFiles::built_in()));
    }

    #[test]
    fn a_folder_without_items_has_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(CITY), BUILT_IN_CITY).unwrap();
        fs::write(folder.path().join(CALENDAR), BUILT_IN_CALENDAR).unwrap();
        let city = City::read(folder.path()).unwrap();
        assert_eq!(city.files.items().len(), 0);
        city.files.calendar().unwrap();
    }

    #[test]
    fn a_wrong_value_is_named_with_file_field_and_value() {
        let text = BUILT_IN_CITY.replace("number = \"0001\"", "number = \"1\"");
        let refused = City::of(Path::new("here.toml"), &text, CatalogueFiles::built_in()).unwrap_err().to_string();
        assert!(refused.starts_with("here.toml: hall.number cannot be \"1\""), "{refused}");
        let text = BUILT_IN_CITY.replace("divisions = [\"9901\"]", "divisions = [\"\"]");
        let refused = City::of(Path::new("here.toml"), &text, CatalogueFiles::built_in()).unwrap_err().to_string();
        assert_eq!(refused, "here.toml: hall.divisions cannot be \"\": 2 to 6 digits are needed");
    }
}
