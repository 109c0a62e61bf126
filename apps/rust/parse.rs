// Text to expressions: tokens by an iterator, precedence by climbing.
use std::iter::Peekable;
use std::str::Chars;

#[derive(Debug, Clone)]
pub enum Expression {
    Number(f64),
    Name(String),
    Negate(Box<Expression>),
    Binary(char, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
}

pub enum Line {
    Nothing,
    Value(Expression),
    Variable(String, Expression),
    Function(String, Vec<String>, Expression),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Sign(char),
}

struct Tokens<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Tokens<'_> {
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(c) = self.rest.next_if(|c| wanted(*c)) {
            text.push(c);
        }
        text
    }
}

impl Iterator for Tokens<'_> {
    type Item = Result<Token, String>;
    fn next(&mut self) -> Option<Self::Item> {
        self.take_while(char::is_whitespace);
        let first = *self.rest.peek()?;
        Some(match first {
            '0'..='9' | '.' => {
                let text = self.take_while(|c| c.is_ascii_digit() || c == '.');
                text.parse().map(Token::Number).map_err(|e| format!("'{text}': {e}"))
            }
            'a'..='z' | 'A'..='Z' | '_' => Ok(Token::Name(self.take_while(|c| c.is_alphanumeric() || c == '_'))),
            '+' | '-' | '*' | '/' | '^' | '(' | ')' | ',' | '=' => {
                self.rest.next();
                Ok(Token::Sign(first))
            }
            other => Err(format!("what is '{other}'?")),
        })
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

const DEPTH_MAX: usize = 100;

impl Parser {
    fn sign(&mut self, wanted: char) -> bool {
        let found = self.tokens.get(self.at) == Some(&Token::Sign(wanted));
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, wanted: char) -> Result<(), String> {
        if self.sign(wanted) {
            return Ok(());
        }
        Err(match self.tokens.get(self.at) {
            Some(token) => format!("'{wanted}' wanted before {token:?}"),
            None => format!("'{wanted}' wanted at the end"),
        })
    }

    fn binary(&mut self, least: u8) -> Result<Expression, String> {
        let mut left = self.operand()?;
        while let Some(Token::Sign(sign)) = self.tokens.get(self.at).cloned() {
            let (strength, right_first) = match sign {
                '+' | '-' => (1, false),
                '*' | '/' => (2, false),
                '^' => (4, true),
                _ => break,
            };
            if strength < least {
                break;
            }
            self.at += 1;
            let right = self.binary(if right_first { strength } else { strength + 1 })?;
            left = Expression::Binary(sign, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("nested too deeply".into());
        }
        let token = self.tokens.get(self.at).cloned().ok_or("something is missing at the end")?;
        self.at += 1;
        let result = match token {
            Token::Number(x) => Expression::Number(x),
            Token::Sign('-') => Expression::Negate(Box::new(self.binary(3)?)),
            Token::Sign('(') => {
                let inner = self.binary(1)?;
                self.need(')')?;
                inner
            }
            Token::Name(name) if self.sign('(') => {
                let mut arguments = Vec::new();
                while !self.sign(')') {
                    if !arguments.is_empty() {
                        self.need(',')?;
                    }
                    arguments.push(self.binary(1)?);
                }
                Expression::Call(name, arguments)
            }
            Token::Name(name) => Expression::Name(name),
            Token::Sign(sign) => return Err(format!("'{sign}' out of place")),
        };
        self.depth -= 1;
        Ok(result)
    }
}

pub fn parse(line: &str) -> Result<Line, String> {
    let code = line.split('#').next().unwrap_or_default();
    let tokens = Tokens { rest: code.chars().peekable() }.collect::<Result<Vec<_>, _>>()?;
    if tokens.is_empty() {
        return Ok(Line::Nothing);
    }
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let left = parser.binary(1)?;
    if parser.at == parser.tokens.len() {
        return Ok(Line::Value(left));
    }
    parser.need('=')?;
    let right = parser.binary(1)?;
    if parser.at != parser.tokens.len() {
        return Err("something is left over".into());
    }
    match left {
        Expression::Name(name) => Ok(Line::Variable(name, right)),
        Expression::Call(name, arguments) => arguments
            .into_iter()
            .map(|a| match a {
                Expression::Name(parameter) => Ok(parameter),
                _ => Err("a parameter is a name".to_string()),
            })
            .collect::<Result<Vec<String>, String>>()
            .map(|parameters| Line::Function(name, parameters, right)),
        _ => Err("this can't be given a value".into()),
    }
}
