//! The benchmark of the services: a protocol written first, one set, one loop, one page.

mod cpu;
mod eco;
mod figures;
mod page;
mod protocol;
mod recommendation;
mod score;
mod set;

pub use cpu::cpu_seconds;
pub use eco::EcoInterval;
pub use figures::{GroupFigures, ServiceFigures, TaskFigures, Timings, measure};
pub use page::{PageInput, page};
pub use protocol::{BenchmarkProtocol, ProtocolError};
pub use recommendation::{Assessment, Verdict, assess};
pub use set::{LabelledText, SetError, read_set, small_part};
