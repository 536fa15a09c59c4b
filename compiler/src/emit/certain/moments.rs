//! Points in time: the first and the last day on which they may lie.

use super::{Range, Translated, Walk, Words};
use kohyo_engine::Date;
use kohyo_engine::program::Moment;

impl<W: Words> Walk<'_, W> {
    /// Where a point in time lies; nothing if it is not known at all.
    pub(super) fn moment(&mut self, moment: &Moment) -> Translated<Range> {
        let range = match moment {
            Moment::Const(date) => {
                let day = |number| W::day(Date::from_day_number(number).unwrap_or(*date));
                Range {
                    low: day(date.first_day()),
                    high: day(date.last_day()),
                }
            }
            Moment::Today => Range::both(self.words.today()),
            Moment::Field(field) => self.field_days(*field)?,
            Moment::Shifted { moment, by, unit } => {
                let range = self.moment(moment)?;
                if W::is_anything(&range) {
                    return Ok(range);
                }
                range.map(|day| W::shifted(day, *by, *unit))
            }
        };
        Ok(self.words.keep_amount(range))
    }
}
