//! How long texts and how large files may be.

pub(super) const NAME: usize = 200;
pub(super) const NUMBER: usize = 64;
pub(super) const CODE: usize = 100;
pub(super) const MARK: usize = 20;
pub(super) const POINT: usize = 500;
pub(super) const TEXT: usize = 1_000;
pub(super) const LONG_TEXT: usize = 4_000;
pub(super) const RAW_JSON: u64 = 256 * 1024;
/// Nothing that is printed or fetched is larger.
pub(super) const FILE_SIZE: u64 = 1 << 30;
