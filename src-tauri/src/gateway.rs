//! The way from the windows to the embedded services and to the devices of this computer: routers, called without a network.

use axum::Router;
use axum::body::Body;
use http::header::{COOKIE, HOST, ORIGIN, REFERER, SET_COOKIE};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use tokio::sync::SetOnce;
use tower::ServiceExt;

use crate::screen;
use crate::sessions::{Service, Sessions};

/// Which window asks. Only the shell writes it; what a page sent under this name is thrown away.
const WINDOW_LABEL: HeaderName = HeaderName::from_static("x-window-label");

/// Where the devices of this computer are found.
const DEVICES: &str = "/api/devices";

/// Both services under one router, with the session of each window at each service.
#[derive(Default)]
pub(crate) struct Gateway {
    router: SetOnce<Router>,
    /// The devices that the settings of this computer name; without any, those of the demo answer.
    devices: Option<Router>,
    sessions: Sessions,
}

impl Gateway {
    /// With devices at this computer.
    pub(crate) fn with_devices(devices: Option<Router>) -> Self {
        Self { devices, ..Self::default() }
    }

    /// Lets the waiting requests through.
    pub(crate) fn open(&self, router: Router) {
        // A second opening cannot happen: there is one start per program.
        let _ = self.router.set(router);
    }

    /// Answers a request of a window, once the services are up.
    pub(crate) async fn call(&self, window: &str, mut request: Request<Body>) -> Response<Body> {
        if !screen::may_ask(window, &request) {
            let mut refused = Response::new(Body::empty());
            *refused.status_mut() = StatusCode::FORBIDDEN;
            return refused;
        }
        let desk = screen::desk_of(window);
        let path = request.uri().path();
        let service = Service::of_path(path);
        let devices = self
            .devices
            .as_ref()
            .filter(|_| path.strip_prefix(DEVICES).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        let headers = request.headers_mut();
        for of_the_page in [HOST, ORIGIN, REFERER, COOKIE, WINDOW_LABEL] {
            headers.remove(of_the_page);
        }
        if let Ok(label) = HeaderValue::from_str(window) {
            headers.insert(WINDOW_LABEL, label);
        }
        if let Some(cookie) = service.and_then(|service| self.sessions.cookie(&desk, service)) {
            headers.insert(COOKIE, cookie);
        }

        let router = match devices {
            Some(devices) => devices.clone(),
            None => self.router.wait().await.clone(),
        };
        let mut response = match router.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };

        if let Some(service) = service {
            for set in response.headers().get_all(SET_COOKIE) {
                self.sessions.keep(&desk, service, set);
            }
        }
        response.headers_mut().remove(SET_COOKIE);
        response
    }

    /// Signs a closed window out of every service.
    pub(crate) async fn leave(&self, window: &str) {
        for service in self.sessions.services(window) {
            let mut request = Request::new(Body::empty());
            *request.method_mut() = Method::DELETE;
            *request.uri_mut() = service.session_path();
            self.call(window, request).await;
        }
        self.sessions.forget(window);
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};

    use super::*;

    fn gateway() -> Gateway {
        let router = Router::new()
            .route(
                "/api/hall/sessions",
                post(|| async { ([(SET_COOKIE, "yichuang-hall=abc; HttpOnly; Path=/api/hall")], "") }),
            )
            .route(
                "/api/{service}/session",
                get(|headers: http::HeaderMap| async move {
                    let said =
                        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
                    format!("{} {}", said("x-window-label"), said("cookie"))
                }),
            );
        let gateway = Gateway::default();
        gateway.open(router);
        gateway
    }

    async fn ask(gateway: &Gateway, window: &str, method: &str, path: &str) -> (http::HeaderMap, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-window-label", "forged")
            .header(COOKIE, "yichuang-hall=forged")
            .body(Body::empty())
            .expect("a request");
        let response = gateway.call(window, request).await;
        let headers = response.headers().clone();
        let body = axum::body::to_bytes(response.into_body(), 1000).await.expect("a body");
        (headers, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn a_session_belongs_to_one_window_at_one_service_and_no_script_sees_it() {
        let gateway = gateway();
        let (headers, _) = ask(&gateway, "desk-1", "POST", "/api/hall/sessions").await;
        assert!(headers.get(SET_COOKIE).is_none());

        let asked = async |window, path| ask(&gateway, window, "GET", path).await.1;
        assert_eq!(asked("desk-1", "/api/hall/session").await, "desk-1 yichuang-hall=abc");
        assert_eq!(asked("desk-1", "/api/department/session").await, "desk-1 -");
        assert_eq!(asked("desk-2", "/api/hall/session").await, "desk-2 -");

        gateway.leave("desk-1").await;
        assert_eq!(asked("desk-1", "/api/hall/session").await, "desk-1 -");
    }

    #[tokio::test]
    async fn a_screen_shows_what_its_desk_shows_and_may_nothing_else() {
        let gateway = gateway();
        ask(&gateway, "desk-1", "POST", "/api/hall/sessions").await;
        let asked = async |window, path| ask(&gateway, window, "GET", path).await.1;
        assert_eq!(asked("screen-1", "/api/hall/session").await, "screen-1 yichuang-hall=abc");
        assert_eq!(asked("screen-2", "/api/hall/session").await, "screen-2 -");
        let all = Gateway::default();
        all.open(Router::new().fallback(async || "answered"));
        for (method, path, answered) in [
            ("GET", "/window/screen", true),
            ("GET", "/assets/index.js", true),
            ("GET", "/api/hall/window/screen", true),
            ("POST", "/api/hall/window/screen/confirm", true),
            ("PUT", "/api/hall/window/screen", false),
            ("DELETE", "/api/hall/session", false),
            ("POST", "/api/hall/sessions", false),
            ("GET", "/api/hall/cases", false),
            ("GET", "/api/department/session", false),
            ("POST", "/api/devices/card", false),
        ] {
            let expected = if answered { "answered" } else { "" };
            assert_eq!(ask(&all, "screen-1", method, path).await.1, expected, "{method} {path}");
        }
        // Closing the screen signs nobody out.
        gateway.leave("screen-1").await;
        assert_eq!(asked("desk-1", "/api/hall/session").await, "desk-1 yichuang-hall=abc");
    }

    #[tokio::test]
    async fn devices_of_this_computer_go_before_those_of_the_demo() {
        let said = |words: &'static str| Router::new().fallback(async move || words);
        for (devices, expected) in [(Some(said("here")), "here"), (None, "demo")] {
            let gateway = Gateway::with_devices(devices);
            gateway.open(said("demo"));
            assert_eq!(ask(&gateway, "desk-1", "GET", "/api/devices").await.1, expected);
            assert_eq!(ask(&gateway, "desk-1", "POST", "/api/devices/card").await.1, expected);
            assert_eq!(ask(&gateway, "desk-1", "GET", "/api/devices-of-others").await.1, "demo");
        }
    }
}
