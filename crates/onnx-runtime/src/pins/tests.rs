use super::*;

#[test]
fn the_library_is_told_from_the_other_files_of_the_wheel() {
    for library in [
        "onnxruntime/capi/libonnxruntime.so.1.23.2",
        "onnxruntime/capi/libonnxruntime.1.23.2.dylib",
        "onnxruntime/capi/onnxruntime.dll",
    ] {
        assert!(is_library(library), "{library}");
    }

    for other in [
        "onnxruntime/capi/libonnxruntime_providers_shared.so",
        "onnxruntime/capi/onnxruntime_pybind11_state.cpython-312-x86_64-linux-gnu.so",
        "elsewhere/libonnxruntime.so.1.23.2",
    ] {
        assert!(!is_library(other), "{other}");
    }
}

#[test]
fn each_platform_with_an_official_wheel_is_pinned_and_others_are_not_guessed() {
    for (system, architecture) in [
        ("linux", "x86_64"),
        ("linux", "aarch64"),
        ("macos", "aarch64"),
        ("macos", "x86_64"),
        ("windows", "x86_64"),
    ] {
        assert_eq!(wheel_of(system, architecture).unwrap().sha256.len(), 64);
    }
    assert!(wheel_of("freebsd", "x86_64").is_none());
}
