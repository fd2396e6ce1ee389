//! Start, stop and destroy.

use serde_json::{Value, json};

use super::super::envelope;
use super::super::fields::Fields;
use super::super::running::Command;
use super::super::server::Server;
use super::super::state::{Place, State};
use super::{VirtualServer, place};
use crate::http::{Call, Outcome, Reply};

pub(in crate::denvr) fn start(server: &Server, call: &Call<'_>) -> Outcome {
    command(server, call, Command::Start)
}

pub(in crate::denvr) fn stop(server: &Server, call: &Call<'_>) -> Outcome {
    command(server, call, Command::Stop)
}

fn command(server: &Server, call: &Call<'_>, command: Command) -> Outcome {
    let mut fields = Fields::of_body(call);
    let place = place(&mut fields);
    fields.check(server)?;
    Ok(envelope::accepted(&run(server, &mut server.state(), &place, command)?))
}

pub(in crate::denvr) fn destroy(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let (place, with_snapshots) = (place(&mut fields), fields.flag("DeleteSnapshots"));
    fields.check(server)?;
    let mut state = server.state();
    let answer = run(server, &mut state, &place, Command::Destroy)?;
    if with_snapshots {
        state.snapshots.retain(|_, snapshot| snapshot.source != place);
    }
    Ok(envelope::accepted(&answer))
}

fn run(
    server: &Server,
    state: &mut State,
    place: &Place,
    command: Command,
) -> Result<Value, Box<Reply>> {
    let status = command.run::<VirtualServer>(server, state, place)?;
    let mut answer = json!({"id": place.id, "cluster": place.cluster, "status": status});
    if server.options.namespace_in_commands {
        answer["namespace"] = place.namespace.as_str().into();
    }
    Ok(answer)
}
