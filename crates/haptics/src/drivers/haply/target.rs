//! Which device, of which service: `haply:049D`, `haply:049D+61576` with a grip,
//! `haply:049D@8500` or `haply:@8500/9000` where the service's ports were changed.

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};

use super::request::is_plain;
use crate::device::OpenError;

/// Ports of the service (docs.haply.co, Haply Inverse Service): simulation, events.
const PORT: u16 = 10_001;
const EVENTS_PORT: u16 = 10_020;
/// Address (`HOST:PORT`) of a service on another machine. Nothing else leads off this one.
pub(super) const ADDRESS: &str = "SURGISIM_HAPLY_ADDRESS";

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The simulation channel.
    pub(super) address: SocketAddr,
    /// The events channel, where its port is known.
    pub(super) events: Option<SocketAddr>,
    /// The device's id; empty for the only one.
    pub(super) device: String,
    /// The grip's id; empty for the only one.
    pub(super) grip: String,
}

/// Reads what follows `haply:`.
pub(super) fn parse(which: &str) -> Result<Target, OpenError> {
    let remote = std::env::var(ADDRESS).ok();
    with_address(which, remote.as_deref())
}

fn with_address(which: &str, remote: Option<&str>) -> Result<Target, OpenError> {
    let unknown = || OpenError::Unknown {
        name: format!("haply:{which}"),
    };
    let (ids, ports) = which.split_once('@').unwrap_or((which, ""));
    let (device, grip) = ids.split_once('+').unwrap_or((ids, ""));
    if [device, grip]
        .iter()
        .any(|id| !id.is_empty() && !is_plain(id))
    {
        return Err(unknown());
    }
    let (port, events_port) = ports.split_once('/').unwrap_or((ports, ""));
    let number = |text: &str, usual: Option<u16>| match text {
        "" => Ok(usual),
        text => text.parse().map(Some).map_err(|_| unknown()),
    };
    let usual_events = ports.is_empty().then_some(EVENTS_PORT);
    let address = match remote {
        Some(remote) if ports.is_empty() => resolved(remote)?,
        _ => SocketAddr::from((
            Ipv4Addr::LOCALHOST,
            number(port, Some(PORT))?.unwrap_or(PORT),
        )),
    };
    let events = number(events_port, usual_events)?;
    Ok(Target {
        address,
        events: events.map(|port| SocketAddr::new(address.ip(), port)),
        device: device.to_owned(),
        grip: grip.to_owned(),
    })
}

fn resolved(remote: &str) -> Result<SocketAddr, OpenError> {
    let found = remote.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| OpenError::NotConnected {
        device: "haply".to_owned(),
        why: format!("{ADDRESS} is '{remote}', which is no address"),
        todo: "set it to HOST:PORT, or unset it for the service on this machine",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_ports() {
        let usual = with_address("", None).unwrap();
        assert_eq!(usual.address.to_string(), "127.0.0.1:10001");
        assert_eq!(usual.events.unwrap().to_string(), "127.0.0.1:10020");
        let moved = with_address("049D+61576@8500/9000", None).unwrap();
        assert_eq!((&*moved.device, &*moved.grip), ("049D", "61576"));
        assert_eq!(moved.address.to_string(), "127.0.0.1:8500");
        assert_eq!(moved.events.unwrap().port(), 9000);
        assert_eq!(with_address("@8500", None).unwrap().events, None);
    }

    #[test]
    fn only_the_variable_leads_off_this_machine() {
        let away = with_address("049D", Some("192.0.2.7:10001")).unwrap();
        assert_eq!(away.address.to_string(), "192.0.2.7:10001");
        assert_eq!(away.events.unwrap().to_string(), "192.0.2.7:10020");
        for bad in ["049D@example.org:1", "049D@x", "a\"b", "@1/x"] {
            assert!(
                matches!(with_address(bad, None), Err(OpenError::Unknown { .. })),
                "{bad}"
            );
        }
        let nowhere = with_address("", Some("nonsense"));
        assert!(matches!(nowhere, Err(OpenError::NotConnected { .. })));
    }
}
