//! A Haply service at another address is found through the environment. Alone in its file: the
//! environment is that of the whole process.

mod haply_service;

use haply_service::{Service, Spelling};
use haptics::drivers;

#[test]
fn devices_of_a_service_elsewhere_are_listed_and_opened() {
    let service = Service::start("3.5.0.0", Spelling::Vector, &[]);
    let address = format!("127.0.0.1:{}", service.port);
    // SAFETY: the only test of this process, and no thread of it reads the environment meanwhile.
    unsafe { std::env::set_var("SURGISIM_HAPLY_ADDRESS", &address) };
    let haply = || {
        let all = drivers::survey().into_iter();
        all.filter(|seen| seen.name.split(':').next() == Some("haply"))
            .collect::<Vec<_>>()
    };
    let seen = haply();
    let names: Vec<_> = seen.iter().map(|seen| (&*seen.name, seen.here)).collect();
    assert_eq!(names, [("haply:049D", true), ("haply:04BA", true)]);
    assert_eq!(seen[0].why, "Inverse Service 3.5.0.0");
    assert_eq!(service.world().messages, 0);
    drop(drivers::open("haply:049D").unwrap());

    service.world().present = false;
    let seen = haply();
    assert_eq!(
        (&*seen[0].name, seen[0].here, seen.len()),
        ("haply", false, 1)
    );
    assert!(seen[0].why.contains("sees no Inverse3"), "{}", seen[0].why);
    service.world().version = "4.0.0".to_owned();
    let seen = haply();
    assert!(
        seen[0].why.contains("4.0.0") && !seen[0].here,
        "{}",
        seen[0].why
    );
}
