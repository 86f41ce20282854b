//! What goes over the line: XML in two vocabularies, of which only local names count, since prefixes differ between makers.

use quick_xml::{Reader, events::Event};

use super::Source;
use crate::Trouble;

/// A4 in three hundredths of an inch.
const A4: Area = Area { width: 2480, height: 3508 };

/// What a scanner can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Abilities {
    pub(super) name: String,
    pub(super) feeder: bool,
    pub(super) platen: bool,
    platen_largest: Area,
    feeder_largest: Area,
}

/// In three hundredths of an inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    width: u32,
    height: u32,
}

/// How a scanner is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) busy: bool,
    stopped: bool,
    pub(super) feeder: Option<Feeder>,
}

/// How the feeder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feeder {
    Loaded,
    Empty,
    Jam,
    Open,
    Other,
}

impl Abilities {
    pub(super) fn read(xml: &str) -> Result<Self, String> {
        let elements = elements(xml, "ScannerCapabilities")?;
        let named = |name: &str| elements.iter().find(|element| element.name == name);
        let below = |place: &str| elements.iter().any(|element| element.path.contains(&place.to_owned()));
        let largest = |place: &str| {
            let of = |name: &str| {
                let inside = |element: &&Element| element.name == name && element.path.contains(&place.to_owned());
                elements.iter().find(inside).and_then(|element| element.text.parse().ok())
            };
            Area { width: of("MaxWidth").unwrap_or(A4.width), height: of("MaxHeight").unwrap_or(A4.height) }
        };
        let model = named("MakeAndModel").or_else(|| named("ModelName")).map(|element| element.text.clone());
        Ok(Self {
            name: model.filter(|name| !name.is_empty()).unwrap_or_else(|| "eSCL".to_owned()),
            feeder: below("Adf"),
            platen: below("Platen"),
            platen_largest: largest("Platen"),
            feeder_largest: largest("Adf"),
        })
    }

    /// A sheet of A4, or what the scanner has of it.
    pub(super) fn area(&self, source: Source) -> Area {
        let largest = match source {
            Source::Feeder => self.feeder_largest,
            Source::Platen => self.platen_largest,
        };
        Area { width: A4.width.min(largest.width), height: A4.height.min(largest.height) }
    }
}

impl Status {
    pub(super) fn read(xml: &str) -> Result<Self, String> {
        let elements = elements(xml, "ScannerStatus")?;
        let text =
            |name: &str| elements.iter().find(|element| element.name == name).map(|element| element.text.as_str());
        let state = text("State").ok_or("it does not say how the scanner is")?;
        let feeder = text("AdfState").map(|state| match state {
            "ScannerAdfLoaded" | "ScannerAdfProcessing" => Feeder::Loaded,
            "ScannerAdfEmpty" => Feeder::Empty,
            "ScannerAdfJam" | "ScannerAdfMispick" | "ScannerAdfMultipickDetected" => Feeder::Jam,
            "ScannerAdfDoorOpen" | "ScannerAdfHatchOpen" => Feeder::Open,
            _ => Feeder::Other,
        });
        Ok(Self {
            busy: matches!(state, "Processing" | "Testing"),
            stopped: matches!(state, "Stopped" | "Down"),
            feeder,
        })
    }

    /// What somebody has to put right at the scanner.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        match self.feeder {
            Some(Feeder::Jam) => Some(Trouble::Jam),
            Some(Feeder::Open) => Some(Trouble::CoverOpen),
            _ if self.stopped => Some(Trouble::Failed("the scanner says that it is stopped".into())),
            _ => None,
        }
    }
}

/// The order for one scan. Elements stand in the order of the standard's schema, which some scanners insist on.
pub(super) fn scan_settings(source: Source, area: Area, resolution: u16, colour: bool) -> String {
    let Area { width, height } = area;
    let (source, duplex) = match source {
        Source::Feeder => ("Feeder", "<scan:Duplex>false</scan:Duplex>"),
        Source::Platen => ("Platen", ""),
    };
    let colour = if colour { "RGB24" } else { "Grayscale8" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <scan:ScanSettings xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
         xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\">\
         <pwg:Version>2.0</pwg:Version>\
         <pwg:ScanRegions><pwg:ScanRegion>\
         <pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>\
         <pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>\
         <pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height>\
         </pwg:ScanRegion></pwg:ScanRegions>\
         <pwg:InputSource>{source}</pwg:InputSource>\
         <scan:ColorMode>{colour}</scan:ColorMode>\
         <pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
         <scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>\
         <scan:XResolution>{resolution}</scan:XResolution><scan:YResolution>{resolution}</scan:YResolution>\
         {duplex}</scan:ScanSettings>"
    )
}

/// What the simulated scanner reads of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ordered {
    pub(crate) source: String,
    pub(crate) colour: String,
    pub(crate) format: String,
    pub(crate) resolution: String,
}

impl Ordered {
    pub(crate) fn read(xml: &str) -> Result<Self, String> {
        let elements = elements(xml, "ScanSettings")?;
        let text = |name: &str| {
            let element = elements.iter().find(|element| element.name == name);
            element.map(|element| element.text.clone()).ok_or_else(|| format!("{name} is missing"))
        };
        Ok(Self {
            source: text("InputSource")?,
            colour: text("ColorMode")?,
            format: text("DocumentFormat")?,
            resolution: text("XResolution")?,
        })
    }
}

struct Element {
    name: String,
    text: String,
    /// The names around it and its own.
    path: Vec<String>,
}

/// No scanner's answer has elements that deep, or that many.
const DEEPEST: usize = 32;
const MOST_ELEMENTS: usize = 10_000;

fn elements(xml: &str, root: &str) -> Result<Vec<Element>, String> {
    let malformed = |error: quick_xml::Error| format!("it is no XML: {error}");
    let mut reader = Reader::from_str(xml);
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let event = reader.read_event().map_err(malformed)?;
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                if open.len() >= DEEPEST || elements.len() >= MOST_ELEMENTS {
                    return Err("it has more elements than any scanner's answer".to_owned());
                }
                let name = start.local_name().as_ref().to_owned();
                let mut path = open.last().map(|at: &usize| elements[*at].path.clone()).unwrap_or_default();
                path.push(name.clone());
                elements.push(Element { name, text: String::new(), path });
                if matches!(event, Event::Start(_)) {
                    open.push(elements.len() - 1);
                }
            }
            Event::Text(text) => {
                if let Some(at) = open.last() {
                    elements[*at].text.push_str(text.xml10_content().trim());
                }
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match elements.first() {
        Some(first) if first.name == root => Ok(elements),
        _ => Err(format!("it is no {root}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the shape of what makers send, with other prefixes and more than we read.
    const ABILITIES: &str = r#"<?xml version="1.0"?>
        <escl:ScannerCapabilities xmlns:escl="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:p="http://www.pwg.org/schemas/2010/12/sm">
          <p:Version>2.63</p:Version><p:MakeAndModel>Example 7000 series</p:MakeAndModel>
          <escl:Adf><escl:AdfSimplexInputCaps><escl:MaxWidth>2550</escl:MaxWidth><escl:MaxHeight>3300</escl:MaxHeight>
          </escl:AdfSimplexInputCaps></escl:Adf>
        </escl:ScannerCapabilities>"#;

    #[test]
    fn abilities_are_read_whatever_the_prefixes() {
        let abilities = Abilities::read(ABILITIES).unwrap();
        assert_eq!((abilities.name.as_str(), abilities.feeder, abilities.platen), ("Example 7000 series", true, false));
        assert_eq!(abilities.area(Source::Feeder), Area { width: 2480, height: 3300 });
        assert_eq!(abilities.area(Source::Platen), A4);
    }

    #[test]
    fn an_answer_of_elements_within_elements_is_refused_before_it_fills_the_memory() {
        assert!(Abilities::read(&"<a>".repeat(100_000)).unwrap_err().contains("more elements"));
    }

    #[test]
    fn the_state_of_a_job_is_not_that_of_the_scanner() {
        let status = Status::read(
            "<s:ScannerStatus xmlns:s='a' xmlns:p='b'><p:State>Idle</p:State><s:AdfState>ScannerAdfEmpty</s:AdfState>\
             <s:Jobs><s:JobInfo><p:JobState>Processing</p:JobState></s:JobInfo></s:Jobs></s:ScannerStatus>",
        );
        assert_eq!(status, Ok(Status { busy: false, stopped: false, feeder: Some(Feeder::Empty) }));
    }

    #[test]
    fn what_needs_a_hand_is_trouble() {
        let trouble = |state: &str, feeder: &str| {
            let xml = format!("<ScannerStatus><State>{state}</State><AdfState>{feeder}</AdfState></ScannerStatus>");
            Status::read(&xml).unwrap().trouble()
        };
        assert_eq!(trouble("Idle", "ScannerAdfLoaded"), None);
        assert_eq!(trouble("Idle", "ScannerAdfEmpty"), None);
        assert_eq!(trouble("Stopped", "ScannerAdfJam"), Some(Trouble::Jam));
        assert_eq!(trouble("Idle", "ScannerAdfHatchOpen"), Some(Trouble::CoverOpen));
        assert!(matches!(trouble("Stopped", "ScannerAdfLoaded"), Some(Trouble::Failed(_))));
    }

    #[test]
    fn another_document_is_refused() {
        assert_eq!(Status::read("<html/>"), Err("it is no ScannerStatus".to_owned()));
        assert!(Status::read("{}").is_err());
        assert!(Status::read("<ScannerStatus><State>Idle</ScannerStatus>").is_err());
    }

    #[test]
    fn an_order_says_what_is_wanted() {
        let ordered = Ordered::read(&scan_settings(Source::Feeder, A4, 300, false)).unwrap();
        let Ordered { source, colour, format, resolution } = ordered;
        assert_eq!([source, colour, format, resolution], ["Feeder", "Grayscale8", "image/jpeg", "300"]);
    }
}
