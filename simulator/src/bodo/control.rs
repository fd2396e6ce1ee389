//! Orders of programs that cannot use the library: what [`Watch`](super::Watch) does.

use std::time::Duration;

use serde_json::Value;

use super::jobs;
use super::server::Server;

impl Server {
    /// `token_ttl` (seconds), `revoke_tokens` and `job_status` (`uuid`, `status`, `reason`).
    pub(super) fn obey(&self, order: &Value) {
        if let Some(seconds) = order["token_ttl"].as_u64() {
            self.set_token_lifetime(Duration::from_secs(seconds));
        }
        if order["revoke_tokens"] == true {
            self.gate.revoke_all();
        }
        let job = &order["job_status"];
        if let (Some(id), Some(status)) = (job["uuid"].as_str(), job["status"].as_str()) {
            let reason = job["reason"].as_str();
            jobs::conclude(self, &mut self.state(), id, status, reason, self.now());
        }
    }
}
