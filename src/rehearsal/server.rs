//! A loopback audit API over plain sockets, which can cut, stall and lie where a framework could not.

mod connection;
mod fault;
mod log;
mod page;
mod query;
mod reply;
mod shared;

pub use fault::{Fault, Trouble};
pub use shared::Seen;

use super::OrgLog;
use shared::Shared;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

/// The server; it stops when dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves logs to whoever has the token, on a free port of the loopback.
    pub fn start(logs: Vec<OrgLog>, token: &str, faults: Vec<Fault>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(log::Log::new(logs), token, faults));
        let accepting = Arc::clone(&shared);
        let listening =
            std::thread::Builder::new().name("audit-api".into()).spawn(move || accept(&listener, &accepting))?;
        Ok(Self { address, shared, listening: Some(listening) })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections were made to it, whatever came over them.
    pub fn connections(&self) -> u64 {
        self.shared.entered()
    }

    /// Every request seen so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Seen> {
        self.shared.seen()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop();
        // The listener waits in `accept`; one more connection wakes it up.
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            drop(listening.join());
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut workers = Vec::new();
    for stream in listener.incoming() {
        if shared.stopped() {
            break;
        }
        let Ok(stream) = stream else { continue };
        let Some(hold) = shared.enter(&stream) else { continue };
        let own = Arc::clone(shared);
        let worker = std::thread::Builder::new().name("audit-api-connection".into()).spawn(move || {
            connection::serve(stream, &own);
            own.leave(hold);
        });
        workers.extend(worker.ok());
        workers.retain(|worker| !worker.is_finished());
    }
    for worker in workers {
        drop(worker.join());
    }
}
