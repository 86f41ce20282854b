// Prints `YYYY-MM-DD 1|0` for every day of 2023-2026, 1 for a working day, as chinese-days (npm) sees it.
import chineseDays from "chinese-days";

for (let day = new Date("2023-01-01T00:00:00Z"); day.getUTCFullYear() <= 2026; day.setUTCDate(day.getUTCDate() + 1)) {
  const date = day.toISOString().slice(0, 10);
  console.log(date, chineseDays.isWorkday(date) ? 1 : 0);
}
