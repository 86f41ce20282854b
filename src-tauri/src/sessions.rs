//! Who is signed in at which window. Web views keep no cookies on a custom scheme, and scripts must not see them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderValue, Uri};
use serde::Deserialize;

/// What a window can be signed in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Service {
    Hall,
    Department,
}

impl Service {
    const ALL: [Self; 2] = [Self::Hall, Self::Department];

    /// The service that answers under a path.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let (name, _) = path.strip_prefix("/api/")?.split_once('/')?;
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Hall => "hall",
            Self::Department => "department",
        }
    }

    fn cookie_name(self) -> &'static str {
        match self {
            Self::Hall => "yichuang-hall",
            Self::Department => "yichuang-department",
        }
    }

    /// Where the session of this service is read and ended.
    pub(crate) fn session_path(self) -> Uri {
        Uri::from_static(match self {
            Self::Hall => "/api/hall/session",
            Self::Department => "/api/department/session",
        })
    }

    /// Where the events of this service come from.
    pub(crate) fn events_path(self) -> Uri {
        Uri::from_static(match self {
            Self::Hall => "/api/hall/events",
            Self::Department => "/api/department/events",
        })
    }
}

/// The session cookie of each window at each service, in memory only.
#[derive(Default)]
pub(crate) struct Sessions {
    cookies: Mutex<BTreeMap<(String, Service), HeaderValue>>,
}

impl Sessions {
    /// What goes into the header `Cookie`.
    pub(crate) fn cookie(&self, window: &str, service: Service) -> Option<HeaderValue> {
        self.cookies().get(&(window.to_owned(), service)).cloned()
    }

    /// Follows a `Set-Cookie` of the service; other cookies than its session are not kept.
    pub(crate) fn keep(&self, window: &str, service: Service, set: &HeaderValue) {
        let Ok(set) = set.to_str() else { return };
        let mut parts = set.split(';').map(str::trim);
        let pair = parts.next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else { return };
        if name != service.cookie_name() {
            return;
        }
        let ended = value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("Max-Age=0"));
        let key = (window.to_owned(), service);
        match HeaderValue::from_str(pair) {
            Ok(mut cookie) if !ended => {
                cookie.set_sensitive(true);
                self.cookies().insert(key, cookie);
            }
            _ => {
                self.cookies().remove(&key);
            }
        }
    }

    /// Where a window is signed in.
    pub(crate) fn services(&self, window: &str) -> Vec<Service> {
        Service::ALL.into_iter().filter(|service| self.cookie(window, *service).is_some()).collect()
    }

    /// Forgets a window.
    pub(crate) fn forget(&self, window: &str) {
        self.cookies().retain(|(of, _), _| of != window);
    }

    fn cookies(&self) -> MutexGuard<'_, BTreeMap<(String, Service), HeaderValue>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_with_an_empty_cookie_or_with_age_nought() {
        for end in ["yichuang-hall=; Path=/api/hall", "yichuang-hall=abc; Max-Age=0"] {
            let sessions = Sessions::default();
            sessions.keep("desk-1", Service::Hall, &HeaderValue::from_static("yichuang-hall=abc; Path=/api/hall"));
            assert_eq!(sessions.services("desk-1"), [Service::Hall]);
            sessions.keep("desk-1", Service::Hall, &HeaderValue::from_static(end));
            assert_eq!(sessions.services("desk-1"), []);
        }
    }

    #[test]
    fn only_the_session_of_the_service_itself_is_kept() {
        let sessions = Sessions::default();
        sessions.keep("desk-1", Service::Hall, &HeaderValue::from_static("yichuang-department=abc"));
        sessions.keep("desk-1", Service::Hall, &HeaderValue::from_static("tracking=abc"));
        assert_eq!(sessions.services("desk-1"), []);
    }
}
