//! What the path of a request tells before any route is looked up.

use hyper::header::HeaderName;

use crate::http::Request;

/// The header that names the tenant.
const TENANT: HeaderName = HeaderName::from_static("x-tenant-name");

/// The API that a path belongs to, which decides the form of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    V1,
    V3,
    V4,
    Keycloak,
    Other,
}

/// The parts of a path that stand before the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) family: Family,
    /// The tenant in the path.
    pub(super) tenant: Option<&'a str>,
    /// Whether it lies below `public/`, where no credential is asked for.
    pub(super) is_public: bool,
}

impl<'a> Target<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        let segments: Vec<&str> = path.split('/').skip(1).take(5).collect();
        let is = |n: usize, word: &str| {
            segments.get(n).is_some_and(|segment| segment.eq_ignore_ascii_case(word))
        };
        let (family, has_tenant) = match () {
            () if is(0, "api") && is(1, "v1") => (Family::V1, false),
            () if is(1, "api") && is(2, "v3") => (Family::V3, true),
            () if is(1, "api") && is(2, "v4") => (Family::V4, true),
            () if is(0, "auth") && is(1, "realms") => (Family::Keycloak, false),
            () => (Family::Other, false),
        };
        let is_public = has_tenant && (is(3, "public") || (is(3, "nodegen") && is(4, "public")));
        Self { family, tenant: segments.first().copied().filter(|_| has_tenant), is_public }
    }
}

/// The tenant that the request is about, as its path or its header names it.
pub(super) fn tenant(request: &Request) -> Option<&str> {
    Target::of(request.path()).tenant.or_else(|| tenant_header(request))
}

pub(super) fn tenant_header(request: &Request) -> Option<&str> {
    request.header(TENANT)
}

/// The path as the table of routes knows it: without `public/`, without a slash at its end, and
/// `transform/` in its other spelling.
pub(super) fn route(path: &str) -> String {
    let path = path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path);
    let target = Target::of(path);
    let mut segments: Vec<&str> = path.split('/').collect();
    if target.is_public {
        let public = segments.iter().skip(4).position(|s| s.eq_ignore_ascii_case("public"));
        public.map(|at| segments.remove(at + 4));
    }
    if target.family == Family::V4
        && segments.get(4).is_some_and(|s| s.eq_ignore_ascii_case("transform"))
    {
        segments[4] = "transforms";
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_their_family_and_tenant() {
        let seen = |path| {
            let target = Target::of(path);
            (target.family, target.tenant, target.is_public)
        };
        assert_eq!(seen("/api/v1/product/list"), (Family::V1, None, false));
        assert_eq!(seen("/t/api/v3/folders/f/services/s"), (Family::V3, Some("t"), false));
        assert_eq!(seen("/t/API/V4/public/execute"), (Family::V4, Some("t"), true));
        assert_eq!(seen("/auth/realms/t/x"), (Family::Keycloak, None, false));
        assert_eq!(seen("/healthcheck"), (Family::Other, None, false));
    }

    #[test]
    fn routes_know_nothing_of_public_and_last_slashes() {
        assert_eq!(route("/t/api/v3/public/version/1/"), "/t/api/v3/version/1");
        assert_eq!(route("/t/api/v3/nodegen/public/x/public"), "/t/api/v3/nodegen/x/public");
        assert_eq!(
            route("/t/api/v3/folders/public/services/s"),
            "/t/api/v3/folders/public/services/s"
        );
        assert_eq!(route("/t/api/v4/transform/f/transform"), "/t/api/v4/transforms/f/transform");
        assert_eq!(route("/"), "/");
    }
}
