//! SBML → network.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use gutskin_network::expr::Expr;
use gutskin_network::{Builder, Network, ParameterTable};
use roxmltree::{Document, Node};

use crate::SurrogateError;
use crate::math::{expression, number, text};

/// A parameter that takes a value at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// When.
    pub time: f64,
    /// Index of the input of the network.
    pub input: usize,
    /// Its new value.
    pub value: f64,
}

/// The network, with what events change as its inputs.
#[derive(Debug)]
pub struct Model {
    /// The network; every state is also an observable.
    pub network: Network,
    /// Its events, in order of time.
    pub events: Vec<Event>,
}

/// Reads a gzipped SBML file; `typical` is the typical size of every state.
///
/// # Errors
/// [`SurrogateError`] names the file or the element.
pub fn read_model(path: &Path, typical: f64) -> Result<Model, SurrogateError> {
    let read = |source| SurrogateError::Read {
        path: path.to_owned(),
        source,
    };
    let mut xml = String::new();
    GzDecoder::new(File::open(path).map_err(read)?)
        .read_to_string(&mut xml)
        .map_err(read)?;
    let document = Document::parse(&xml)
        .map_err(|e| SurrogateError::content(path.display().to_string(), e.to_string()))?;
    let parts = Parts::new(&document)?;
    let table = ParameterTable::new();
    let builder = Builder::new("surrogate", "d", &table);
    parts.declare(&builder, typical)?;
    let network = builder
        .finish()
        .map_err(|e| SurrogateError::content(path.display().to_string(), e.to_string()))?;
    let events = parts.events(&network)?;
    Ok(Model { network, events })
}

/// The elements of the file.
struct Parts<'d> {
    parameters: Vec<(&'d str, f64)>,
    assignments: BTreeMap<&'d str, Node<'d, 'd>>,
    rates: Vec<(&'d str, Node<'d, 'd>)>,
    /// (time, parameter, value)
    switches: Vec<(f64, &'d str, f64)>,
}

fn attribute<'d>(node: Node<'d, 'd>, name: &str) -> Result<&'d str, SurrogateError> {
    node.attribute(name).ok_or_else(|| {
        SurrogateError::content(
            node.tag_name().name(),
            format!("attribute \"{name}\" is missing"),
        )
    })
}

fn child<'d>(node: Node<'d, 'd>, name: &str) -> Result<Node<'d, 'd>, SurrogateError> {
    node.descendants()
        .find(|n| n.tag_name().name() == name)
        .ok_or_else(|| {
            SurrogateError::content(node.tag_name().name(), format!("it holds no \"{name}\""))
        })
}

impl<'d> Parts<'d> {
    fn new(document: &'d Document<'d>) -> Result<Self, SurrogateError> {
        let mut parts = Self {
            parameters: Vec::new(),
            assignments: BTreeMap::new(),
            rates: Vec::new(),
            switches: Vec::new(),
        };
        for node in document.descendants() {
            match node.tag_name().name() {
                "parameter" => {
                    let value = attribute(node, "value").unwrap_or("0");
                    let id = attribute(node, "id")?;
                    let value = value
                        .parse()
                        .map_err(|e| SurrogateError::content(id, format!("{value}: {e}")))?;
                    parts.parameters.push((id, value));
                }
                "assignmentRule" => {
                    let variable = attribute(node, "variable")?;
                    parts.assignments.insert(variable, child(node, "math")?);
                }
                "rateRule" => {
                    let variable = attribute(node, "variable")?;
                    parts.rates.push((variable, child(node, "math")?));
                }
                "event" => parts.switches.push(switch(node)?),
                _ => {}
            }
        }
        parts.switches.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(parts)
    }

    fn declare(&self, builder: &Builder<'_>, typical: f64) -> Result<(), SurrogateError> {
        let switched = |name: &str| self.switches.iter().any(|s| s.1 == name);
        let rated = |name: &str| self.rates.iter().any(|r| r.0 == name);
        let mut known = HashMap::new();
        for &(name, value) in &self.parameters {
            if switched(name) {
                known.insert(name, builder.input(name, "1", value, "an input"));
            } else if !rated(name) && !self.assignments.contains_key(name) {
                known.insert(name, builder.number(name, value));
            }
        }
        let initial: HashMap<&str, f64> = self.parameters.iter().copied().collect();
        let mut states = Vec::new();
        for &(name, _) in &self.rates {
            let value = initial.get(name).copied().unwrap_or(0.0);
            let state = builder
                .state(name, "1")
                .typical(typical)
                .initial(value)
                .add();
            known.insert(name, state);
            states.push(state);
        }
        for &name in self.assignments.keys() {
            self.assign(builder, name, &mut known)?;
        }
        for (&(name, math), &state) in self.rates.iter().zip(&states) {
            let rate = self.convert(builder, math, &known)?;
            builder.rate(state, rate);
            builder.observe(name, "1", state, "a state");
        }
        Ok(())
    }

    /// Defines an assigned quantity after those that it uses.
    fn assign<'b>(
        &self,
        builder: &'b Builder<'_>,
        name: &'d str,
        known: &mut HashMap<&'d str, Expr<'b>>,
    ) -> Result<(), SurrogateError> {
        let Some(&math) = self.assignments.get(name) else {
            return Ok(());
        };
        if known.contains_key(name) {
            return Ok(());
        }
        for used in math.descendants().filter(|n| n.tag_name().name() == "ci") {
            self.assign(builder, text(used), known)?;
        }
        let definition = self.convert(builder, math, known)?;
        known.insert(name, builder.variable(name, "1", definition, "assigned"));
        Ok(())
    }

    fn convert<'b>(
        &self,
        builder: &'b Builder<'_>,
        math: Node<'d, 'd>,
        known: &HashMap<&'d str, Expr<'b>>,
    ) -> Result<Expr<'b>, SurrogateError> {
        let find = |name: &str| {
            known
                .get(name)
                .copied()
                .unwrap_or_else(|| builder.find(name))
        };
        expression(math, &|value| builder.constant(value), &find)
    }

    fn events(&self, network: &Network) -> Result<Vec<Event>, SurrogateError> {
        self.switches
            .iter()
            .map(|&(time, name, value)| {
                let input = network
                    .input(name)
                    .ok_or_else(|| SurrogateError::content("event", format!("no input {name}")))?;
                Ok(Event {
                    time,
                    input: input as usize,
                    value,
                })
            })
            .collect()
    }
}

/// (time, parameter, value) of `time ≥ number → parameter = number`.
fn switch<'d>(event: Node<'d, 'd>) -> Result<(f64, &'d str, f64), SurrogateError> {
    let time = number(child(child(event, "trigger")?, "cn")?)?;
    let assignment = child(event, "eventAssignment")?;
    let value = number(child(assignment, "cn")?)?;
    Ok((time, attribute(assignment, "variable")?, value))
}
