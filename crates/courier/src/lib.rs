//! Carries messages between halls and departments: out of the outbox, into the inbox, in order per case.
//!
//! A message is written with the events it tells of ([`post`]), and sent afterwards ([`Courier::run`]) until it arrives. It
//! keeps its id and its bytes over all attempts, so that whoever receives it ([`take_in`]) can tell it from a new one. One
//! that is refused is given up until a person sends it again ([`send_again`]).
//! Both services use the same two ends; what a message means is theirs.

mod inbound;
mod outbound;

pub use inbound::{Handed, REFUSALS, Refused, problem, take_file_request, take_in, take_request};
pub use outbound::{Courier, Dispatch, NotSentAgain, Peers, post, send_again};
