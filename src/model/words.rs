//! The closed vocabularies: every word of the answer, spelled once.

/// Defines an enum whose variants are written as one fixed word each.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as it stands in tables and papers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value that a word names, if it names one.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = String::deserialize(d)?;
                Self::parse(&word).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|w| w.as_str()).collect();
                    serde::de::Error::custom(format!("unknown word, expected one of {}", known.join(", ")))
                })
            }
        }
    };
}

words! {
    /// What an action does, whatever its provider calls it.
    #[derive(Default)]
    Verb {
        /// One record is read.
        Read = "read",
        /// Records are listed.
        List = "list",
        /// Records are searched.
        Search = "search",
        /// Data is taken out: exported, downloaded, printed, copied.
        Export = "export",
        /// A record is made.
        Create = "create",
        /// A record is changed, moved, shared or handed over.
        Update = "update",
        /// A record is deleted.
        Delete = "delete",
        /// A session begins.
        Login = "login",
        /// A session ends.
        Logout = "logout",
        /// The profile does not know the action.
        #[default]
        Unclassified = "unclassified",
    }
}

words! {
    /// How an action ended, as far as the log tells.
    #[derive(Default)]
    Outcome {
        /// It took effect.
        Success = "success",
        /// It was refused for want of permission.
        Denied = "denied",
        /// It failed for another reason.
        Failure = "failure",
        /// The log does not tell, or contradicts itself.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// Kinds of access, strongest first.
    AccessClass {
        /// The record was deleted.
        Deleted = "deleted",
        /// The record was changed.
        Modified = "modified",
        /// The record left in an export, a download or a copy.
        Exported = "exported",
        /// An action that the profile does not know succeeded on the record.
        Unclassified = "unclassified",
        /// The record was read.
        Read = "read",
        /// The record was returned by a search.
        Searched = "searched",
        /// The record was returned by a list.
        Listed = "listed",
        /// The record was made inside the victim's organisation.
        Created = "created",
    }
}

words! {
    /// How sure an access is, surest first.
    Confidence {
        /// The log itself proves access, owner and actor.
        Confirmed = "confirmed",
        /// Derived from a logged count and a catalogue valid at that time.
        Reconstructed = "reconstructed",
        /// Equal claims disagree about the owner or the actor.
        Contested = "contested",
        /// The outcome is unknown: it may have taken effect.
        Unknown = "unknown",
    }
}

words! {
    /// By what right an access was made. Only `direct` enters the headline.
    Standing {
        /// No right is known.
        Direct = "direct",
        /// A share or grant covered the record at that time.
        Authorised = "authorised",
        /// Staff acted for the customer.
        Support = "support",
        /// The allow list expects it.
        Expected = "expected",
        /// This tool's own reading of the log.
        OwnTool = "own_tool",
    }
}

words! {
    /// What a record is to the event that names it.
    Relation {
        /// The action was aimed at the record.
        ActedOn = "acted_on",
        /// The action returned the record among others.
        Returned = "returned",
        /// The record was copied from.
        Source = "source",
        /// The record was copied to.
        Destination = "destination",
        /// The record was used for the action, as a key is.
        Used = "used",
    }
}

words! {
    /// In whose log an access stands.
    Side {
        /// Only in the accessing organisation's log.
        A = "a",
        /// Only in the victim's log.
        V = "v",
        /// In both.
        Both = "both",
    }
}

words! {
    /// Which claim decided the owner. METHODOLOGY.md, rule 2.
    OwnerRule {
        /// Rank 1: a catalogue row valid at the time.
        Catalogue = "catalogue",
        /// Rank 2: the record's creation or a transfer by someone else than the gainer.
        Creation = "creation",
        /// Rank 3: an event names another organisation than its actor's, or the row's own.
        Named = "named",
        /// Rank 3: an event lies in the log of another organisation than its actor's.
        OwnLog = "own_log",
        /// Rank 4: changed by members of one organisation.
        Change = "change",
        /// Rank 5: read by members of one organisation, and no other has a claim.
        Reading = "reading",
        /// Nothing shows the owner.
        Nothing = "none",
    }
}

words! {
    /// Which fact attributed an action. METHODOLOGY.md, rule 3.
    #[derive(Default)]
    AttributionRule {
        /// The event names the actor's organisation.
        Named = "named",
        /// Other events of the same credential name its organisation.
        Credential = "credential",
        /// A background job was requested by it.
        Job = "job",
        /// The membership table names it.
        Members = "members",
        /// An action of it made the credential, the session or the member.
        Minted = "minted",
        /// The event lies in the organisation's own log, and logs are the actor's.
        OwnLog = "own_log",
        /// The actor's logins name one organisation.
        Home = "home",
        /// Nothing attributes the action.
        #[default]
        Nothing = "none",
    }
}

words! {
    /// Which half of an action an event tells, where a source writes two.
    #[derive(Default)]
    Phase {
        /// All of it.
        #[default]
        Whole = "whole",
        /// What is about to be done.
        Intent = "intent",
        /// How it ended.
        Completion = "completion",
    }
}

words! {
    /// What an action made that can act, or be called, on its own.
    MintKind {
        /// A key or token.
        Credential = "credential",
        /// A session.
        Session = "session",
        /// A member of an organisation.
        Member = "member",
        /// A standing call to an outside address.
        Webhook = "webhook",
    }
}

impl Verb {
    /// Whether a server error leaves it open that the action took effect.
    pub const fn changes_or_exports(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Delete | Self::Export | Self::Unclassified)
    }

    /// Whether the action is about a session and not about records.
    pub const fn is_session(self) -> bool {
        matches!(self, Self::Login | Self::Logout)
    }

    /// The access class of a record that the action was aimed at.
    pub const fn class(self) -> AccessClass {
        match self {
            Self::Read => AccessClass::Read,
            Self::List => AccessClass::Listed,
            Self::Search => AccessClass::Searched,
            Self::Export => AccessClass::Exported,
            Self::Create => AccessClass::Created,
            Self::Update => AccessClass::Modified,
            Self::Delete => AccessClass::Deleted,
            Self::Login | Self::Logout | Self::Unclassified => AccessClass::Unclassified,
        }
    }
}

impl OwnerRule {
    /// The rank of the claim: 1 is strongest, 9 is none.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Catalogue => 1,
            Self::Creation => 2,
            Self::Named | Self::OwnLog => 3,
            Self::Change => 4,
            Self::Reading => 5,
            Self::Nothing => 9,
        }
    }
}

pub(crate) use words;
