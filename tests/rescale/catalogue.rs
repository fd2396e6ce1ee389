//! Hardware, software, prices and automations.

use longhaul::ErrorKind;

use super::support::{fast, says, sent, start, start_with};

#[tokio::test]
async fn a_list_holds_every_item_once_whatever_the_size_of_its_pages() {
    let (_simulator, client) = start().await;
    let all = client.core_types().list().collect_all().await.unwrap();
    assert_eq!(all.len(), 14);
    for size in [1, 3, 14, 500] {
        let paged = client.core_types().list().page_size(size).collect_all().await.unwrap();
        let codes = |types: &[longhaul::rescale::models::CoreType]| {
            types.iter().map(|core_type| core_type.code.clone()).collect::<Vec<_>>()
        };
        assert_eq!(codes(&paged), codes(&all), "{size} on a page");
    }
}

#[tokio::test]
async fn a_list_of_thousands_is_left_and_taken_up_again() {
    let (_simulator, client) = start_with(fast().jobs(2_500)).await;
    let mut list = client.jobs().list();
    let mut ids = Vec::new();
    while ids.len() < 1_234 {
        ids.push(list.try_next().await.unwrap().expect("a job").id);
    }
    let continuation = list.continuation().expect("more").to_string();
    let rest = client.jobs().list().resume(continuation.parse().unwrap());
    ids.extend(rest.collect_all().await.unwrap().into_iter().map(|job| job.id));
    assert_eq!(ids.len(), 2_500);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2_500);
}

#[tokio::test]
async fn inactive_core_types_can_be_left_out() {
    let (_simulator, client) = start().await;
    let active = client.core_types().list().is_active(true).collect_all().await.unwrap();
    assert_eq!(active.len(), 13);
    assert!(active.iter().all(|core_type| core_type.is_active == Some(true)));
}

#[tokio::test]
async fn the_cheapest_core_type_is_active_and_fits_the_filter() {
    let (_simulator, client) = start().await;
    let prices = client.prices();
    let cheapest = prices.cheapest().category("general").await.unwrap();
    assert_eq!((cheapest.core_type.code.as_str(), cheapest.amount), ("granite", 0.03355));
    let of_one_core = prices.cheapest().cores(1).await.unwrap();
    assert_eq!(of_one_core.core_type.code, "agate");
    let at_once = prices.cheapest().plan("on-demand-pro").os("windows").await.unwrap();
    assert_eq!((at_once.amount, at_once.price.os.as_str()), (0.061, "windows"));
    let nothing = prices.cheapest().category("quantum").await.unwrap_err();
    says(&nothing, ErrorKind::InvalidInput, &["no core type fits", "linux", "on-demand"]);
}

#[tokio::test]
async fn a_version_is_found_by_its_code_and_by_its_name() {
    let (_simulator, client) = start().await;
    let analyses = client.analyses();
    assert_eq!(analyses.version("user_included", "CPU").await.unwrap().version_code, "0");
    assert_eq!(analyses.version("user_included", "0").await.unwrap().version_code, "0");
    let unknown = analyses.version("miniconda", "5").await.unwrap_err();
    says(&unknown, ErrorKind::InvalidInput, &["no version `5`", "4.8.4, 4.7.12"]);
    let near = analyses.get("fluent").await.unwrap_err();
    says(&near, ErrorKind::InvalidInput, &["no analysis `fluent`", "there is ansys_fluent"]);
}

#[tokio::test]
async fn software_is_listed_with_its_versions() {
    let (simulator, client) = start().await;
    let all = client.analyses().list().collect_all().await.unwrap();
    assert_eq!(all.len(), 12);
    assert_eq!(all.iter().map(|analysis| analysis.versions.len()).sum::<usize>(), 18);
    assert_eq!(sent(&simulator, "GET", "/analyses/").len(), 1);
}

#[tokio::test]
async fn automations_and_remote_desktops_are_listed() {
    let (_simulator, client) = start().await;
    let automations = client.analyses().automations().await.unwrap();
    assert_eq!(automations[0].id, "YYnVk");
    let desktops = client.core_types().remote_viz().collect_all().await.unwrap();
    assert_eq!(desktops[0].code.as_deref(), Some("standard"));
}
