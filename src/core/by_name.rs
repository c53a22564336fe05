//! The core's words as serde knows them: by the names that they have in the API.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    Answer, Code, ConsentEvent, Denied, Feature, Flow, Implied, Mode, Pending, PerFeature, Privacy,
    Start,
};

macro_rules! by_name {
    ($($word:ident: $what:literal,)+) => {$(
        impl Serialize for $word {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> Deserialize<'de> for $word {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Names;
                impl Visitor<'_> for Names {
                    type Value = $word;

                    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_str<E: Error>(self, name: &str) -> Result<$word, E> {
                        $word::named(name).ok_or_else(|| E::invalid_value(Unexpected::Str(name), &self))
                    }
                }
                deserializer.deserialize_str(Names)
            }
        }
    )+};
}

by_name! {
    Answer: "an answer: granted, denied, implied-granted, implied-denied or unset",
    Code: "a code of the bridge's",
    ConsentEvent: "an event: given, refused, withdrawn or expired",
    Denied: "off or cookieless",
    Feature: "a feature: tracking, replay, profile or flags",
    Flow: "drop, hold or pass",
    Implied: "accept or ask",
    Mode: "a mode: off, cookieless or on",
    Pending: "hold, drop or cookieless",
    Privacy: "respect, strict or ignore",
    Start: "deferred or opted-out",
}

/// A map from each feature to its value.
impl<T: Copy + Serialize> Serialize for PerFeature<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Feature::ALL.len()))?;
        for feature in Feature::ALL {
            map.serialize_entry(&feature, &self.get(feature))?;
        }
        map.end()
    }
}

impl<'de, T: Copy + Deserialize<'de>> Deserialize<'de> for PerFeature<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Features<T>(PhantomData<T>);
        impl<'de, T: Copy + Deserialize<'de>> Visitor<'de> for Features<T> {
            type Value = PerFeature<T>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a value for each of tracking, replay, profile and flags")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PerFeature<T>, A::Error> {
                let mut found: Vec<(Feature, T)> = Vec::new();
                while let Some((feature, value)) = map.next_entry::<Feature, T>()? {
                    if found.iter().any(|(known, _)| *known == feature) {
                        return Err(A::Error::duplicate_field(feature.name()));
                    }
                    found.push((feature, value));
                }
                let of = |feature: Feature| {
                    let entry = found.iter().find(|(known, _)| *known == feature);
                    entry.map(|(_, value)| *value).ok_or(A::Error::missing_field(feature.name()))
                };
                let [tracking, replay, profile, flags] = Feature::ALL.map(of);
                let (tracking, replay, profile, flags) = (tracking?, replay?, profile?, flags?);
                Ok(PerFeature::of(|feature| match feature {
                    Feature::Tracking => tracking,
                    Feature::Replay => replay,
                    Feature::Profile => profile,
                    Feature::Flags => flags,
                }))
            }
        }
        deserializer.deserialize_map(Features(PhantomData))
    }
}
