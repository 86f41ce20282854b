//! What a rule speaks of: `form.area` in `form.area > 0`, but not `s` in `form.staff.all(s, s.age < 60)`.

use std::collections::BTreeSet;

use cel::common::ast::{EntryExpr, Expr, IdedExpr};

/// The names that a rule speaks of, each with the field that it looks at, if it looks at one.
pub(crate) fn mentions(expression: &IdedExpr) -> BTreeSet<(String, Option<String>)> {
    let mut found = Found::default();
    found.look(expression);
    found.mentions
}

#[derive(Default)]
struct Found {
    mentions: BTreeSet<(String, Option<String>)>,
    /// Names that a comprehension has bound around the place.
    bound: Vec<String>,
}

impl Found {
    fn look(&mut self, IdedExpr { expr, .. }: &IdedExpr) {
        match expr {
            Expr::Ident(name) => self.mention(name, None),
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(name) => self.mention(name, Some(&select.field)),
                _ => self.look(&select.operand),
            },
            Expr::Call(call) => call.target.iter().map(Box::as_ref).chain(&call.args).for_each(|it| self.look(it)),
            Expr::List(list) => list.elements.iter().for_each(|it| self.look(it)),
            Expr::Map(map) => map.entries.iter().for_each(|entry| self.entry(&entry.expr)),
            Expr::Struct(it) => it.entries.iter().for_each(|entry| self.entry(&entry.expr)),
            Expr::Comprehension(over) => {
                self.look(&over.iter_range);
                self.look(&over.accu_init);
                let before = self.bound.len();
                self.bound.extend([over.iter_var.clone(), over.accu_var.clone()]);
                self.bound.extend(over.iter_var2.clone());
                [&over.loop_cond, &over.loop_step, &over.result].into_iter().for_each(|it| self.look(it));
                self.bound.truncate(before);
            }
            Expr::Literal(_) | Expr::Unspecified => {}
        }
    }

    fn entry(&mut self, entry: &EntryExpr) {
        match entry {
            EntryExpr::StructField(field) => self.look(&field.value),
            EntryExpr::MapEntry(entry) => {
                self.look(&entry.key);
                self.look(&entry.value);
            }
        }
    }

    fn mention(&mut self, name: &str, field: Option<&str>) {
        if !self.bound.iter().any(|bound| bound == name) {
            self.mentions.insert((name.to_owned(), field.map(str::to_owned)));
        }
    }
}
