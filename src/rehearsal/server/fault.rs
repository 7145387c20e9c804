//! Faults as data: what goes wrong, and on which request.

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// 429, with this `Retry-After` if any.
    Status429 {
        /// The header's value, seconds or a date.
        retry_after: Option<String>,
    },
    /// Any status with any body.
    Status {
        /// The status.
        code: u16,
        /// The body.
        body: String,
        /// Headers beside the usual ones.
        headers: Vec<(String, String)>,
    },
    /// The connection ends after that many bytes of the body.
    CutBody {
        /// Bytes sent.
        after: usize,
    },
    /// The connection is reset after that many bytes of the body.
    Reset {
        /// Bytes sent.
        after: usize,
    },
    /// That many bytes of the body, then silence.
    SilentBody {
        /// Bytes sent.
        after: usize,
    },
    /// These bytes and nothing else, status line and headers included; then the end.
    Raw {
        /// What goes out.
        bytes: Vec<u8>,
    },
    /// `Content-Length` promises more than comes.
    LongContentLength,
    /// `Content-Length` promises this many bytes fewer than come.
    ShortContentLength {
        /// Bytes too few.
        by: usize,
    },
    /// The body in chunks; without the end, and only so many bytes of it, where a number is given.
    Chunked {
        /// Bytes sent before the connection ends.
        cut: Option<usize>,
    },
    /// No length at all: the end of the connection ends the body, after so many bytes where a number is given.
    UntilClose {
        /// Bytes sent.
        cut: Option<usize>,
    },
    /// A page that never ends.
    Endless,
    /// The request is read and never answered.
    Stall,
    /// The whole answer, so many milliseconds late.
    Late {
        /// Milliseconds.
        millis: u64,
    },
    /// One byte of the body every this many milliseconds.
    Drip {
        /// Milliseconds between two bytes.
        millis: u64,
    },
    /// A sign-in page with status 200.
    Html200,
    /// 403 that names the scope.
    RefuseScope,
    /// Everyone's events, whatever organisation was asked for.
    IgnoreOrgFilter,
    /// Events of the token's own organisation, whatever was asked for.
    OwnOrgOnly {
        /// That organisation.
        org: String,
    },
    /// The cursor asked with comes back as the next one.
    RepeatCursor,
    /// `{"error":...}` with status 200.
    ErrorIn200,
    /// `{"data":null}` with status 200.
    NullData,
    /// A page that does not say how it goes on.
    MissingNext,
    /// A page whose `next_cursor` is this raw JSON.
    Next {
        /// The raw JSON.
        json: String,
    },
    /// 302 to the same path elsewhere.
    Redirect {
        /// The other origin.
        to: String,
    },
    /// Gzip in two members; readers that stop at the first lose half of the page.
    GzipTwoMembers,
    /// Gzip without its end.
    TruncatedGzip,
    /// Gzip whose checksum is wrong.
    WrongGzip,
    /// Gzip with other bytes behind it.
    GzipAndMore,
    /// Gzip within gzip, told once.
    GzipTwice,
    /// Gzip that no header tells of.
    GzipUntold,
    /// A header that names a coding, and a plain body.
    Told {
        /// The coding named.
        coding: String,
    },
    /// A page that grows by that many blanks when it is decoded.
    Bomb {
        /// Mebibytes of blanks.
        mebibytes: usize,
    },
    /// 400 whose body repeats the `Authorization` header.
    EchoToken,
    /// A page that repeats the `Authorization` header beside its events.
    EchoTokenInPage,
    /// Events before the window that was asked for, where there are any.
    OutsideWindow,
    /// The events of a page in the opposite order.
    Unordered,
    /// Twice as many events as were asked for.
    Crowded,
    /// Never more than that many events on a page, whatever was asked for.
    CapLimit {
        /// Most events.
        limit: usize,
    },
    /// The cursor asked with is forgotten from now on: 410, however often it comes.
    ForgetCursor,
    /// A page that says it is the last, though it is not: no single walk can tell.
    EndEarly,
    /// Events left out in silence at the head of a page: no single walk can tell.
    Skip {
        /// How many.
        events: usize,
    },
    /// This status for every window longer than so many seconds.
    TooWide {
        /// The longest window answered.
        seconds: i64,
        /// The status.
        code: u16,
    },
    /// A page that begins with the last events of the one before.
    DuplicateDelivery {
        /// How many events come again.
        events: usize,
    },
    /// A page without events that leads on.
    EmptyPageInTheMiddle,
    /// Another body under the usual head.
    Body {
        /// The body.
        body: Vec<u8>,
    },
}

/// A trouble and the requests that it befalls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    trouble: Trouble,
    first: u32,
    last: u32,
    step: u32,
    org: Option<String>,
}

impl Fault {
    /// Befalls the k-th request for a log, counted from 1.
    pub fn once(k: u32, trouble: Trouble) -> Self {
        Self { trouble, first: k, last: k, step: 1, org: None }
    }

    /// Befalls the k-th request and all after it.
    pub fn since(k: u32, trouble: Trouble) -> Self {
        Self { trouble, first: k, last: u32::MAX, step: 1, org: None }
    }

    /// Befalls the first n requests.
    pub fn first(n: u32, trouble: Trouble) -> Self {
        Self { trouble, first: 1, last: n, step: 1, org: None }
    }

    /// Befalls every k-th request.
    pub fn every(k: u32, trouble: Trouble) -> Self {
        Self { trouble, first: k, last: u32::MAX, step: k, org: None }
    }

    /// Befalls every request.
    pub fn always(trouble: Trouble) -> Self {
        Self::since(1, trouble)
    }

    /// Counts and befalls requests for one organisation's log only.
    #[must_use]
    pub fn for_org(mut self, org: &str) -> Self {
        self.org = Some(org.to_owned());
        self
    }

    /// What goes wrong.
    pub fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    /// Whether the fault counts requests for this organisation's log.
    pub(super) fn concerns(&self, org: Option<&str>) -> bool {
        self.org.is_none() || self.org.as_deref() == org
    }

    /// Whether it befalls the k-th request that concerns it.
    pub(super) fn befalls(&self, k: u32) -> bool {
        let beyond = k.saturating_sub(self.first);
        (self.first..=self.last).contains(&k) && beyond.checked_rem(self.step).is_none_or(|rest| rest == 0)
    }
}
