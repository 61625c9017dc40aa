//! The thread, its connections, and what happens to every request before and after it is answered.

mod access;
mod connection;
mod dispatch;
mod reply;
mod request;
mod world;

use std::{io, net::TcpListener, sync::Arc, thread, time::Duration};

use axum::{Router, extract::DefaultBodyLimit};
use tokio::sync::oneshot;

use self::connection::{Cut, CuttableListener};
pub(crate) use self::{
    access::Access,
    dispatch::Upload,
    reply::{Reply, escaped},
    request::{Request, encoded},
    world::{Context, Shared, World},
};

/// How long the requests under way may take when the server is asked to stop.
const GRACE: Duration = Duration::from_secs(1);

/// A running server thread; dropping it stops it.
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// Serves on a socket that listens already, so that a client may connect at once.
    pub(crate) fn start(listener: TcpListener, shared: Arc<Shared>) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        // A runtime of its own: the caller may stand inside another one, or in none.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let listener = {
            let _inside = runtime.enter();
            CuttableListener(tokio::net::TcpListener::from_std(listener)?)
        };
        let thread = thread::Builder::new()
            .name("tminus-sandbox".into())
            .spawn(move || runtime.block_on(serve(listener, shared, stopped)))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: CuttableListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let router =
        Router::new().fallback(dispatch::handle).with_state(shared).layer(DefaultBodyLimit::disable());
    let service = router.into_make_service_with_connect_info::<Cut>();
    let (draining, drain) = oneshot::channel();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = stopped.await;
        let _ = draining.send(());
    });
    let deadline = async move {
        let _ = drain.await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        _ = serving.into_future() => {}
        () = deadline => {}
    }
}
