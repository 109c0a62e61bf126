// A calculator: reads lines from a file or the arguments, prints each line's value, and at the end all variables.
mod parse;

use parse::{parse, Expression, Line};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::rc::Rc;

#[derive(Debug, PartialEq)]
enum Problem {
    Syntax(String),
    Unknown { kind: &'static str, name: String },
    Arguments { function: String, wanted: usize, given: usize },
    TooDeep,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Syntax(what) => write!(f, "syntax: {what}"),
            Problem::Unknown { kind, name } => write!(f, "no {kind} is called '{name}'"),
            Problem::Arguments { function, wanted, given } => {
                write!(f, "{function} takes {wanted} argument{}, not {given}", if *wanted == 1 { "" } else { "s" })
            }
            Problem::TooDeep => f.write_str("functions call each other without end"),
        }
    }
}

impl std::error::Error for Problem {}

struct Defined {
    parameters: Vec<String>,
    body: Expression,
}

type Builtin = Box<dyn Fn(&[f64]) -> f64>;

#[derive(Clone)]
enum Function {
    Defined(Rc<Defined>),
    Builtin(Rc<Builtin>, Option<usize>), // with how many arguments; none: any number but none
}

struct Calculator {
    variables: BTreeMap<String, f64>,
    functions: HashMap<String, Function>,
}

const DEPTH_MAX: usize = 200;

impl Calculator {
    fn new() -> Self {
        let mut this = Calculator { variables: BTreeMap::new(), functions: HashMap::new() };
        this.builtin("sqrt", Some(1), |x| x[0].sqrt());
        this.builtin("sin", Some(1), |x| x[0].sin());
        this.builtin("ln", Some(1), |x| x[0].ln());
        this.builtin("max", None, |x| x.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        this.builtin("min", None, |x| x.iter().copied().fold(f64::INFINITY, f64::min));
        this.variables.insert("pi".into(), std::f64::consts::PI);
        this
    }

    fn builtin(&mut self, name: &str, count: Option<usize>, compute: impl Fn(&[f64]) -> f64 + 'static) {
        self.functions.insert(name.to_string(), Function::Builtin(Rc::new(Box::new(compute)), count));
    }

    fn evaluate(&self, e: &Expression, local: &[(&str, f64)], depth: usize) -> Result<f64, Problem> {
        if depth > DEPTH_MAX {
            return Err(Problem::TooDeep);
        }
        Ok(match e {
            Expression::Number(x) => *x,
            Expression::Name(name) => local
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| *value)
                .or_else(|| self.variables.get(name).copied())
                .ok_or_else(|| Problem::Unknown { kind: "variable", name: name.clone() })?,
            Expression::Negate(x) => -self.evaluate(x, local, depth + 1)?,
            Expression::Binary(operator, x, y) => {
                let (x, y) = (self.evaluate(x, local, depth + 1)?, self.evaluate(y, local, depth + 1)?);
                match operator {
                    '+' => x + y,
                    '-' => x - y,
                    '*' => x * y,
                    '/' => x / y,
                    _ => x.powf(y),
                }
            }
            Expression::Call(name, arguments) => {
                let values = arguments
                    .iter()
                    .map(|a| self.evaluate(a, local, depth + 1))
                    .collect::<Result<Vec<f64>, Problem>>()?;
                self.call(name, &values, depth)?
            }
        })
    }

    fn call(&self, name: &str, values: &[f64], depth: usize) -> Result<f64, Problem> {
        let wrong = |wanted| Problem::Arguments { function: name.to_string(), wanted, given: values.len() };
        match self.functions.get(name) {
            None => Err(Problem::Unknown { kind: "function", name: name.to_string() }),
            Some(Function::Builtin(_, Some(count))) if *count != values.len() => Err(wrong(*count)),
            Some(Function::Builtin(_, None)) if values.is_empty() => Err(wrong(1)),
            Some(Function::Builtin(compute, _)) => Ok(compute(values)),
            Some(Function::Defined(defined)) if defined.parameters.len() != values.len() => {
                Err(wrong(defined.parameters.len()))
            }
            Some(Function::Defined(defined)) => {
                let local: Vec<(&str, f64)> =
                    defined.parameters.iter().map(String::as_str).zip(values.iter().copied()).collect();
                self.evaluate(&defined.body, &local, depth + 1)
            }
        }
    }

    fn run(&mut self, line: &str) -> Result<Option<f64>, Problem> {
        match parse(line).map_err(Problem::Syntax)? {
            Line::Nothing => Ok(None),
            Line::Value(expression) => self.evaluate(&expression, &[], 0).map(Some),
            Line::Variable(name, expression) => {
                let value = self.evaluate(&expression, &[], 0)?;
                self.variables.insert(name, value);
                Ok(Some(value))
            }
            Line::Function(name, parameters, body) => {
                self.functions.insert(name, Function::Defined(Rc::new(Defined { parameters, body })));
                Ok(None)
            }
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = match arguments.as_slice() {
        [file] if file.ends_with(".calc") => std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?,
        words => words.join("\n"),
    };
    let mut calculator = Calculator::new();
    let mut problems = 0;
    for (number, line) in text.lines().enumerate() {
        match calculator.run(line) {
            Ok(Some(value)) => println!("{line:<54} {value:>14.4}"),
            Ok(None) => (),
            Err(problem) => {
                problems += 1;
                println!("line {}: {problem}", number + 1);
            }
        }
    }
    let names: Vec<String> = calculator.variables.iter().map(|(name, value)| format!("{name}={value:.6}")).collect();
    println!("{} variables ({}), {problems} problems", names.len(), names.join(", "));
    Ok(())
}
