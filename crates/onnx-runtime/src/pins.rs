//! The version that is installed, and the hash of its wheel on each platform.

#[cfg(test)]
mod tests;

/// The version of ONNX Runtime that is installed.
pub(crate) const VERSION: &str = "1.23.2";

/// The official wheel of one platform. Its library does not depend on Python: the tag only picks
/// the file.
pub(crate) struct Wheel {
    /// `pip download --platform`.
    pub(crate) platforms: &'static [&'static str],
    /// SHA-256 of the wheel, in hexadecimal.
    pub(crate) sha256: &'static str,
}

/// Python's tag of the pinned wheels; any Python can download them.
pub(crate) const PYTHON_TAG: &str = "312";

/// The wheel of the platform the program runs on, when there is an official one.
pub(crate) fn wheel() -> Option<Wheel> {
    wheel_of(std::env::consts::OS, std::env::consts::ARCH)
}

/// The library's file name on this platform.
pub(crate) const fn library_name() -> &'static str {
    if cfg!(target_os = "windows") {
        "onnxruntime.dll"
    } else if cfg!(target_os = "macos") {
        "libonnxruntime.dylib"
    } else {
        "libonnxruntime.so"
    }
}

/// True of the entry of the wheel that is the library (`libonnxruntime.so.1.23.2` there).
pub(crate) fn is_library(entry: &str) -> bool {
    let Some(name) = entry.strip_prefix("onnxruntime/capi/") else {
        return false;
    };
    name == "onnxruntime.dll"
        || name == "libonnxruntime.so"
        || name.starts_with("libonnxruntime.so.")
        || (name.starts_with("libonnxruntime.") && name.ends_with(".dylib"))
}

fn wheel_of(system: &str, architecture: &str) -> Option<Wheel> {
    let (platforms, sha256): (&[_], _) = match (system, architecture) {
        ("linux", "x86_64") => (
            &["manylinux_2_28_x86_64", "manylinux_2_27_x86_64"],
            "0f9b4ae77f8e3c9bee50c27bc1beede83f786fe1d52e99ac85aa8d65a01e9b77",
        ),
        ("linux", "aarch64") => (
            &["manylinux_2_28_aarch64", "manylinux_2_27_aarch64"],
            "76ff670550dc23e58ea9bc53b5149b99a44e63b34b524f7b8547469aaa0dcb8c",
        ),
        ("macos", "aarch64") => (
            &["macosx_13_0_arm64"],
            "b8f029a6b98d3cf5be564d52802bb50a8489ab73409fa9db0bf583eabb7c2321",
        ),
        ("macos", "x86_64") => (
            &["macosx_13_0_x86_64"],
            "218295a8acae83905f6f1aed8cacb8e3eb3bd7513a13fe4ba3b2664a19fc4a6b",
        ),
        ("windows", "x86_64") => (
            &["win_amd64"],
            "25de5214923ce941a3523739d34a520aac30f21e631de53bba9174dc9c004435",
        ),
        _ => return None,
    };

    Some(Wheel { platforms, sha256 })
}
