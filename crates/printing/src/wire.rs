//! IPP as bytes: made and read with the `ipp` crate, after a check that keeps that crate from panicking on garbage.

use std::io::Cursor;

use bytes::{BufMut, Bytes, BytesMut};
use ipp::{
    IppHeader,
    attribute::{IppAttribute, IppAttributeGroup},
    model::{DelimiterTag, IppVersion, Operation, StatusCode, ValueTag},
    parser::{IppParseError, IppParser},
    reader::IppReader,
    request::IppRequestResponse,
    value::IppValue,
};

/// Collections inside collections; the standards need three.
const MAX_DEPTH: usize = 16;

/// A request or an answer, read.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) header: IppHeader,
    pub(crate) groups: Vec<IppAttributeGroup>,
    /// What follows the attributes: the document.
    pub(crate) document: Bytes,
}

/// Why bytes are not an IPP message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("it is cut off or has a wrong length inside")]
    Cut,
    #[error("its collections do not fit together")]
    Collections,
    #[error(transparent)]
    Parse(#[from] IppParseError),
}

impl Message {
    /// Reads a message; anything at all may be given.
    pub(crate) fn read(bytes: &Bytes) -> Result<Self, Malformed> {
        let end = end_of_attributes(bytes)?;
        let reader = IppReader::new(Cursor::new(bytes.slice(..end)));
        let (header, attributes, _) = IppParser::new(reader).parse_parts()?;
        Ok(Self { header, groups: attributes.into_groups(), document: bytes.slice(end..) })
    }

    /// The IPP status of an answer.
    pub(crate) fn status(&self) -> u16 {
        self.header.operation_or_status.cast_unsigned()
    }

    /// The keyword of that status, as `client-error-not-possible`.
    pub(crate) fn status_keyword(&self) -> String {
        match self.header.status_code() {
            StatusCode::UnknownStatusCode => format!("status-{:04x}", self.status()),
            known => kebab(&format!("{known:?}")),
        }
    }

    /// The groups of one kind; Get-Jobs answers with one group a job.
    pub(crate) fn groups(&self, tag: DelimiterTag) -> impl Iterator<Item = Group<'_>> {
        self.groups.iter().filter(move |group| group.tag() == tag).map(Group)
    }

    /// The value of an attribute in the first group of a kind that has it.
    pub(crate) fn value(&self, tag: DelimiterTag, name: &str) -> Option<&IppValue> {
        self.groups(tag).find_map(|group| group.value(name))
    }

    /// The text of such a value, or nothing.
    pub(crate) fn text(&self, tag: DelimiterTag, name: &str) -> Option<String> {
        self.value(tag, name).and_then(text)
    }
}

/// A group of attributes.
#[derive(Clone, Copy)]
pub(crate) struct Group<'a>(&'a IppAttributeGroup);

impl<'a> Group<'a> {
    pub(crate) fn value(self, name: &str) -> Option<&'a IppValue> {
        self.0.attributes().iter().find(|attribute| attribute.name().as_str() == name).map(IppAttribute::value)
    }

    pub(crate) fn text(self, name: &str) -> Option<String> {
        self.value(name).and_then(text)
    }

    pub(crate) fn number(self, name: &str) -> Option<i32> {
        self.value(name).and_then(number)
    }

    /// A set of keywords without `none`.
    pub(crate) fn keywords(self, name: &str) -> Vec<String> {
        let texts = self.value(name).map(texts).unwrap_or_default();
        texts.into_iter().filter(|keyword| keyword != "none").collect()
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.0.attributes().iter().map(|attribute| attribute.name().as_str())
    }
}

/// A value as text. Printers that do not speak UTF-8 are read as well as can be.
pub(crate) fn text(value: &IppValue) -> Option<String> {
    match value {
        IppValue::TextWithoutLanguage(text) | IppValue::TextWithLanguage { text, .. } => Some(text.to_string()),
        IppValue::NameWithoutLanguage(name) | IppValue::NameWithLanguage { name, .. } => Some(name.to_string()),
        IppValue::Keyword(text) | IppValue::MimeMediaType(text) => Some(text.to_string()),
        IppValue::Uri(text) => Some(text.to_string()),
        IppValue::NonUtf8 { data, .. } => Some(String::from_utf8_lossy(data).into_owned()),
        IppValue::Array(values) => values.first().and_then(text),
        _ => None,
    }
}

/// Every text in a value or a set of values.
pub(crate) fn texts(value: &IppValue) -> Vec<String> {
    match value {
        IppValue::Array(values) => values.iter().filter_map(text).collect(),
        one => text(one).into_iter().collect(),
    }
}

/// A value as integer or enum.
pub(crate) fn number(value: &IppValue) -> Option<i32> {
    match value {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    }
}

/// A value as truth.
pub(crate) fn truth(value: &IppValue) -> Option<bool> {
    match value {
        IppValue::Boolean(truth) => Some(*truth),
        _ => None,
    }
}

/// `ServerErrorBusy` to `server-error-busy`.
fn kebab(camel: &str) -> String {
    let mut kebab = String::with_capacity(camel.len() + 4);
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

/// A message being made: a request or, in the simulator, an answer.
pub(crate) struct Draft {
    message: IppRequestResponse,
    groups: Vec<IppAttributeGroup>,
}

impl Draft {
    /// A request, with its charset and language. 1.1 is what every printer understands.
    pub(crate) fn request(operation: Operation) -> Result<Self, IppParseError> {
        Ok(Self { message: IppRequestResponse::new(IppVersion::v1_1(), operation, None)?, groups: Vec::new() })
    }

    /// The answer to a request.
    pub(crate) fn answer(to: &IppHeader, status: StatusCode) -> Result<Self, IppParseError> {
        let message = IppRequestResponse::new_response(to.version, status, to.request_id)?;
        Ok(Self { message, groups: Vec::new() })
    }

    /// Adds an operation attribute.
    pub(crate) fn with(mut self, name: &'static str, value: IppValue) -> Result<Self, IppParseError> {
        let attribute = IppAttribute::with_name(name, value)?;
        self.message.attributes_mut().add(DelimiterTag::OperationAttributes, attribute);
        Ok(self)
    }

    /// Adds a group; the same kind may come again, for another job.
    pub(crate) fn group(
        mut self,
        tag: DelimiterTag,
        attributes: impl IntoIterator<Item = (&'static str, IppValue)>,
    ) -> Result<Self, IppParseError> {
        let mut group = IppAttributeGroup::new(tag);
        for (name, value) in attributes {
            group.attributes_mut().push(IppAttribute::with_name(name, value)?);
        }
        self.groups.push(group);
        Ok(self)
    }

    /// The bytes, with a document behind them.
    pub(crate) fn bytes(mut self, document: &[u8]) -> Bytes {
        self.message.attributes_mut().groups_mut().append(&mut self.groups);
        let attributes = self.message.to_bytes();
        let mut bytes = BytesMut::with_capacity(attributes.len() + document.len());
        bytes.put(attributes);
        bytes.put(document);
        bytes.freeze()
    }
}

/// Where the attributes end and the document begins, if every length on the way there holds.
///
/// The `ipp` parser panics on a wrong length inside a value with a language, and recursion without bound can take the stack.
fn end_of_attributes(bytes: &[u8]) -> Result<usize, Malformed> {
    const HEADER: usize = 8;
    let mut rest = bytes.get(HEADER..).ok_or(Malformed::Cut)?;
    let mut depth = 0_usize;
    loop {
        let (tag, after) = rest.split_first().ok_or(Malformed::Cut)?;
        rest = after;
        if *tag == DelimiterTag::EndOfAttributes as u8 {
            return if depth == 0 { Ok(bytes.len() - rest.len()) } else { Err(Malformed::Collections) };
        }
        if *tag < ValueTag::Unsupported as u8 {
            continue;
        }
        counted(&mut rest)?;
        let mut value = counted(&mut rest)?;
        if *tag == ValueTag::TextWithLanguage as u8 || *tag == ValueTag::NameWithLanguage as u8 {
            counted(&mut value)?;
            counted(&mut value)?;
        } else if *tag == ValueTag::BegCollection as u8 {
            depth += 1;
        } else if *tag == ValueTag::EndCollection as u8 {
            depth = depth.checked_sub(1).ok_or(Malformed::Collections)?;
        }
        if depth > MAX_DEPTH {
            return Err(Malformed::Collections);
        }
    }
}

/// Takes two bytes of length and so many bytes.
fn counted<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Malformed> {
    let (length, after) = rest.split_first_chunk::<2>().ok_or(Malformed::Cut)?;
    let (counted, after) = after.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(Malformed::Cut)?;
    *rest = after;
    Ok(counted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> Bytes {
        let name = IppValue::NameWithLanguage {
            language: "zh-cn".try_into().unwrap(),
            name: "受理通知书".try_into().unwrap(),
        };
        let nested = IppValue::Collection([("x".try_into().unwrap(), IppValue::Integer(1))].into());
        Draft::request(Operation::GetJobs)
            .unwrap()
            .group(DelimiterTag::JobAttributes, [("job-name", name.clone()), ("media-col", nested)])
            .unwrap()
            .group(DelimiterTag::JobAttributes, [("job-name", name)])
            .unwrap()
            .bytes(b"%PDF")
    }

    #[test]
    fn a_message_comes_back_with_its_groups_and_document() {
        let message = Message::read(&sample()).unwrap();
        let names: Vec<_> =
            message.groups(DelimiterTag::JobAttributes).map(|group| group.text("job-name").unwrap()).collect();
        assert_eq!(names, ["受理通知书", "受理通知书"]);
        assert_eq!(message.document, "%PDF");
    }

    #[test]
    fn a_length_that_points_behind_the_value_is_malformed() {
        let bytes = [1, 1, 0, 0, 0, 0, 0, 1, 2, 0x36, 0, 1, b'n', 0, 4, 0xff, 0xff, b'z', b'h', 3];
        assert!(matches!(Message::read(&Bytes::copy_from_slice(&bytes)), Err(Malformed::Cut)));
    }

    #[test]
    fn bottomless_collections_are_malformed() {
        let mut bytes = vec![1, 1, 0, 0, 0, 0, 0, 1, 2];
        bytes.extend([0x34, 0, 1, b'n', 0, 0]);
        bytes.extend([0x4a, 0, 0, 0, 1, b'm', 0x34, 0, 0, 0, 0].repeat(100_000));
        assert!(matches!(Message::read(&bytes.into()), Err(Malformed::Collections)));
    }

    #[test]
    fn statuses_have_their_registered_keywords() {
        let keyword = |status: u16| {
            let [high, low] = status.to_be_bytes();
            Message::read(&Bytes::copy_from_slice(&[1, 1, high, low, 0, 0, 0, 1, 3])).unwrap().status_keyword()
        };
        assert_eq!(keyword(0x0404), "client-error-not-possible");
        assert_eq!(keyword(0x0506), "server-error-not-accepting-jobs");
        assert_eq!(keyword(0x04ff), "status-04ff");
    }

    proptest! {
        #[test]
        fn noise_is_never_a_panic(noise in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Message::read(&noise.into());
        }

        #[test]
        fn a_damaged_message_is_never_a_panic(
            damage in proptest::collection::vec((0usize..200, any::<u8>()), 1..4),
            cut in 0usize..200,
        ) {
            let mut bytes = sample().to_vec();
            for (at, byte) in damage {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            bytes.truncate(bytes.len() - cut % bytes.len());
            let _ = Message::read(&bytes.into());
        }
    }
}
