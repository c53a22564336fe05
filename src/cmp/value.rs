//! A JavaScript value, as much of it as an adapter may look at.

/// A bounded copy of what a probe found.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null` (and `undefined` inside arrays and objects).
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array, or something like one.
    List(Vec<Value>),
    /// An object's own enumerable properties, in order.
    Map(Vec<(String, Value)>),
    /// A function: there, and not called.
    Function,
    /// A getter or a call that threw on the way.
    Thrown,
}

impl Value {
    /// `Some` only for a real boolean: `"false"`, `0` and `null` are not answers.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(s) => Some(s),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// Whether both are the same text, number or boolean. Lists and maps are not compared: the code
    /// that would, and no rule asks for, weighed more than most adapters.
    pub fn is(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Text(one), Value::Text(other)) => one == other,
            (Value::Number(one), Value::Number(other)) => one == other,
            (Value::Bool(one), Value::Bool(other)) => one == other,
            _ => false,
        }
    }

    /// The elements of a list; none for anything else.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a map; none for anything else.
    pub fn entries(&self) -> &[(String, Value)] {
        match self {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }
}
