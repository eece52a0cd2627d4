//! Rows and columns of BIOM 1.0: their names and lineages, and nothing else of what may stand there, so that memory
//! stays bounded.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

/// A row or a column.
#[derive(Debug, Default)]
pub struct Axis {
    /// Its name.
    pub id: String,
    /// Its lineage, parts joined by semicolons.
    pub lineage: Option<String>,
}

/// Reads a list of rows or columns of at most so many.
pub struct AxesSeed {
    /// The most that are taken.
    pub most: usize,
}

impl<'de> DeserializeSeed<'de> for AxesSeed {
    type Value = Vec<Axis>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Axis>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for AxesSeed {
    type Value = Vec<Axis>;
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of rows or columns")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Axis>, A::Error> {
        let mut axes = Vec::new();
        while let Some(axis) = list.next_element()? {
            if axes.len() >= self.most {
                return Err(de::Error::custom(format!(
                    "more than {} rows or columns",
                    self.most
                )));
            }
            axes.push(axis);
        }
        Ok(axes)
    }
}

impl<'de> Deserialize<'de> for Axis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AxisVisitor;
        impl<'de> Visitor<'de> for AxisVisitor {
            type Value = Axis;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a row or column with an `id`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Axis, A::Error> {
                let mut axis = Axis::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "id" => axis.id = map.next_value::<Word>()?.0,
                        "metadata" => axis.lineage = map.next_value::<Metadata>()?.0,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(axis)
            }
        }
        deserializer.deserialize_map(AxisVisitor)
    }
}

/// A text or a number as text; empty for anything else.
struct Word(String);

/// The lineage in a row's metadata.
struct Metadata(Option<String>);

/// A lineage as one text or as a list of parts.
struct Lineage(Option<String>);

/// What a visitor does with the types that it has no use for: read past them.
macro_rules! ignore {
    ($nothing:expr; $($kind:ident)*) => { $(ignore!(@ $kind $nothing);)* };
    (@ scalars $nothing:expr) => {
        fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> { Ok($nothing) }
        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> { Ok($nothing) }
        fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> { Ok($nothing) }
        fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> { Ok($nothing) }
    };
    (@ nothing $nothing:expr) => {
        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> { Ok($nothing) }
    };
    (@ text $nothing:expr) => {
        fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> { Ok($nothing) }
    };
    (@ list $nothing:expr) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
    };
    (@ map $nothing:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
    };
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordVisitor;
        impl<'de> Visitor<'de> for WordVisitor {
            type Value = Word;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Word, E> {
                Ok(Word(text.to_owned()))
            }
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Word, E> {
                Ok(Word(value.to_string()))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Word, E> {
                Ok(Word(value.to_string()))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Word, E> {
                Ok(Word(value.to_string()))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Word, E> {
                Ok(Word(value.to_string()))
            }
            ignore!(Word(String::new()); nothing list map);
        }
        deserializer.deserialize_any(WordVisitor)
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MetadataVisitor;
        impl<'de> Visitor<'de> for MetadataVisitor {
            type Value = Metadata;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("metadata")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metadata, A::Error> {
                let mut found = None;
                while let Some(key) = map.next_key::<String>()? {
                    let named = ["taxonomy", "taxon", "lineage"]
                        .iter()
                        .any(|name| key.eq_ignore_ascii_case(name));
                    if named && found.is_none() {
                        found = map.next_value::<Lineage>()?.0;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Metadata(found))
            }
            ignore!(Metadata(None); scalars nothing text list);
        }
        deserializer.deserialize_any(MetadataVisitor)
    }
}

impl<'de> Deserialize<'de> for Lineage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LineageVisitor;
        impl<'de> Visitor<'de> for LineageVisitor {
            type Value = Lineage;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a lineage")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Lineage, E> {
                Ok(Lineage(Some(text.to_owned())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Lineage, A::Error> {
                // no lineage has more ranks
                const MOST: usize = 64;
                let mut parts: Vec<String> = Vec::new();
                while let Some(part) = list.next_element::<Word>()? {
                    if parts.len() < MOST {
                        parts.push(part.0.trim_matches('"').to_owned());
                    }
                }
                Ok(Lineage(Some(parts.join(";"))))
            }
            ignore!(Lineage(None); scalars nothing map);
        }
        deserializer.deserialize_any(LineageVisitor)
    }
}
